package postern.web.idempotency;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A request that makes something. With an {@code Idempotency-Key} it is carried out once, however
 * often it is sent; {@link IdempotencyKeys} says how. The handler answers with a small body.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {}
