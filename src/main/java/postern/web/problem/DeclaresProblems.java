package postern.web.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The problems of one operation, beside those that every operation of its kind has. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface DeclaresProblems {

    int[] value() default {};

    /** False for an operation that never talks to a mail server. */
    boolean imap() default true;
}
