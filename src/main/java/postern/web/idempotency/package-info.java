/** Idempotency-Key: a request with a key is carried out once. */
@NullMarked
package postern.web.idempotency;

import org.jspecify.annotations.NullMarked;
