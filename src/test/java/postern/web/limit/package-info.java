/** Claims about {@code postern.web.limit}. */
@NullMarked
package postern.web.limit;

import org.jspecify.annotations.NullMarked;
