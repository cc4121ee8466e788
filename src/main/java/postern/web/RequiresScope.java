package postern.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import postern.account.Scope;

/**
 * What a token needs for an operation. Every handler below {@code /v1} has one; a handler without
 * is for sessions that were not narrowed.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresScope {

    /** All of these scopes; none for an operation that every token may use, or that takes none. */
    Scope[] value() default {};

    /** Whether a narrowed token is refused, whatever its scopes are. */
    boolean wholeSession() default false;
}
