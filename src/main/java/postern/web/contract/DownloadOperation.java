package postern.web.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An operation that answers with a file's octets. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface DownloadOperation {

    /** The media types; {@code *}{@code /*} if it depends on the message. */
    String[] value();

    /** Whether range requests are supported (RFC 9110 §14). */
    boolean ranges() default false;
}
