/** Claims about {@code postern.login}. */
@NullMarked
package postern.login;

import org.jspecify.annotations.NullMarked;
