/** Claims about {@code postern.web.id}. */
@NullMarked
package postern.web.id;

import org.jspecify.annotations.NullMarked;
