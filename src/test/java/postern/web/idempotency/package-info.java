/** Claims about {@code postern.web.idempotency}. */
@NullMarked
package postern.web.idempotency;

import org.jspecify.annotations.NullMarked;
