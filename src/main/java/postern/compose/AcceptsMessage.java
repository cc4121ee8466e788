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
        required = true,
        content = {
            @Content(
                    mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = NewMessage.class)),
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
@interface AcceptsMessage {

    /** The form of {@code multipart/form-data}. */
    String FORM =
            "The part `message` is the message as `application/json`, a NewMessage. Each other part"
                    + " is a file with a filename, and has the name that one of the message's"
                    + " attachments has as its `part`.";
}
