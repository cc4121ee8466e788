package postern.web.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The problems of one operation, in addition to those of all operations. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface DeclaresProblems {

    int[] value() default {};

    /** False for an operation that does not use a mail server. */
    boolean imap() default true;
}
