/** Claims about {@code postern.web.contract}. */
@NullMarked
package postern.web.contract;

import org.jspecify.annotations.NullMarked;
