package postern.compose;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.SchemaProperty;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** Documents a form with a message and its files, as client generators understand it. */
@RequestBody(
        description =
                "The message, and its files in parts that are all called `files`: each has a"
                        + " filename of its own, which one of the message's attachments has as its"
                        + " `part`. Without `message` it is 400.",
        required = true,
        content =
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schemaProperties = {
                            // Not said to be required: the client for Go would then send it as
                            // a part for each of its properties.
                            @SchemaProperty(
                                    name = MessageInput.MESSAGE,
                                    schema = @Schema(implementation = MessageRequest.class)),
                            @SchemaProperty(
                                    name = MessageInput.FILES,
                                    array =
                                            @ArraySchema(
                                                    schema =
                                                            @Schema(
                                                                    type = "string",
                                                                    format = "binary")))
                        },
                        encoding = {
                            @Encoding(
                                    name = MessageInput.MESSAGE,
                                    contentType = MediaType.APPLICATION_JSON_VALUE),
                            // What is the default, said for the generator of Ruby, which else
                            // writes the list as one string with commas.
                            @Encoding(name = MessageInput.FILES, style = "FORM", explode = true)
                        }))
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AcceptsFiles {}
