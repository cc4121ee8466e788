/** Claims about {@code postern.web.log}. */
@NullMarked
package postern.web.log;

import org.jspecify.annotations.NullMarked;
