package postern.testserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that plays what a real mail server does against the standard, and shows the right answer.
 * Each is a row of "Quirks that are handled" in {@code docs/servers.md}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Quirk {

    /** Who does it, such as {@code Exchange}; {@code some} where it is not known. */
    String server() default "some";

    /** What the server does, as a sentence in the present tense without a full stop. */
    String does();

    /** What a caller of the gateway sees, in the same form. */
    String answer();
}
