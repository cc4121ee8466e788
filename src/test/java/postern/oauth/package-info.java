/** Claims about {@code postern.oauth}. */
@NullMarked
package postern.oauth;

import org.jspecify.annotations.NullMarked;
