/** Claims about {@code postern.web.problem}. */
@NullMarked
package postern.web.problem;

import org.jspecify.annotations.NullMarked;
