/** Claims about {@code postern.web.trace}. */
@NullMarked
package postern.web.trace;

import org.jspecify.annotations.NullMarked;
