/** Claims about {@code postern.web.body}. */
@NullMarked
package postern.web.body;

import org.jspecify.annotations.NullMarked;
