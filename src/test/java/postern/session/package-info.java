/** Claims about {@code postern.session}. */
@NullMarked
package postern.session;

import org.jspecify.annotations.NullMarked;
