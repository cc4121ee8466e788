/** Claims about {@code postern.message.sync}. */
@NullMarked
package postern.message.sync;

import org.jspecify.annotations.NullMarked;
