/** Claims about {@code postern.message.change}. */
@NullMarked
package postern.message.change;

import org.jspecify.annotations.NullMarked;
