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
public @interface Idempotent {

    /**
     * Whether the handler itself finds out in the mailboxes what an earlier request with the key
     * has done, on whatever replica: a repetition then comes to it unless the answer is known.
     */
    boolean foundInMailboxes() default false;
}
