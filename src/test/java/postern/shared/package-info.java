/** Claims about {@code postern.shared}. */
@NullMarked
package postern.shared;

import org.jspecify.annotations.NullMarked;
