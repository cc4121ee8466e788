/** Claims about {@code postern.web.coding}. */
@NullMarked
package postern.web.coding;

import org.jspecify.annotations.NullMarked;
