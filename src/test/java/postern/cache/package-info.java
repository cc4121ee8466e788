/** Claims about {@code postern.cache}. */
@NullMarked
package postern.cache;

import org.jspecify.annotations.NullMarked;
