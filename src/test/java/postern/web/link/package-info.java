/** Claims about {@code postern.web.link}. */
@NullMarked
package postern.web.link;

import org.jspecify.annotations.NullMarked;
