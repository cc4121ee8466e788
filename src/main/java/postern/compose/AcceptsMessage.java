package postern.compose;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** Documents the three content types of a message to be stored. */
@RequestBody(
        description = AcceptsMessage.BODIES,
        required = true,
        content = {
            @Content(
                    mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = MessageRequest.class)),
            @Content(
                    mediaType = MessageInput.RFC822,
                    schema = @Schema(type = "string", format = "binary")),
            @Content(
                    mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                    // No schema with properties: client generators omit the type, since only forms
                    // use it, but still refer to it.
                    schema = @Schema(type = "object", description = AcceptsMessage.FORM),
                    additionalPropertiesSchema = @Schema(types = "string", format = "binary"))
        })
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AcceptsMessage {

    /** What becomes of a body of each type, and how repeated requests are told apart. */
    String BODIES =
            "`message/rfc822` is stored as it is, its lines ended with CRLF. `application/json` is"
                    + " composed. `multipart/form-data` has that JSON in its part `message` and a file"
                    + " in each other part, which `attachments` name.\n\n"
                    + "Since the body is streamed, an `Idempotency-Key` tells it from another one by"
                    + " its length alone, and by its octets where they are 64 KB at most and announced"
                    + " by `Content-Length`.";

    /** The form of {@code multipart/form-data}. */
    String FORM =
            "The part `message` is the message as `application/json`, a MessageRequest. Each other part"
                    + " is a file with a filename, and has the name that one of the message's"
                    + " attachments has as its `part`.";
}
