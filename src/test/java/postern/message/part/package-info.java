/** Claims about {@code postern.message.part}. */
@NullMarked
package postern.message.part;

import org.jspecify.annotations.NullMarked;
