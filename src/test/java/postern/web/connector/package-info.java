/** Claims about {@code postern.web.connector}. */
@NullMarked
package postern.web.connector;

import org.jspecify.annotations.NullMarked;
