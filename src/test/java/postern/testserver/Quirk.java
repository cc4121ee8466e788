package postern.testserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test that reproduces how a real mail server deviates from the standard, and shows the correct
 * response. Each test is a row of "Quirks that are handled" in {@code docs/servers.md}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Quirk {

    /** The server, such as {@code Exchange}; {@code some} if unknown. */
    String server() default "some";

    /** What the server does, as a sentence in the present tense without a full stop. */
    String does();

    /** What a caller of the gateway sees, in the same form. */
    String answer();
}
