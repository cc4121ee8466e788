/** Claims about {@code postern.message.metadata}. */
@NullMarked
package postern.message.metadata;

import org.jspecify.annotations.NullMarked;
