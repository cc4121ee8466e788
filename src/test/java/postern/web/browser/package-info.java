/** Claims about {@code postern.web.browser}. */
@NullMarked
package postern.web.browser;

import org.jspecify.annotations.NullMarked;
