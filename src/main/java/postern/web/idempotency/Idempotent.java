package postern.web.idempotency;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a handler whose requests may have an {@code Idempotency-Key}: then they are carried out
 * once, however often they are sent (see {@link IdempotencyKeys}). The response body must be small.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {}
