/** Claims about {@code postern.web.transfer}. */
@NullMarked
package postern.web.transfer;

import org.jspecify.annotations.NullMarked;
