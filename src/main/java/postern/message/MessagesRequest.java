package postern.message;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.web.contract.Texts;
import postern.web.id.MessageId;

/// Which messages to read, and what of them.
///
/// @param ids The messages, 1 to 500, in whatever mailboxes.
/// @param fields The fields to answer; when not given, all but `attachments`, `automatic`, `list`
///   and `receiptRequested`. `id` always comes.
/// @param include What to read besides: `text`, `html`, `headers`.
/// @param headerFields Names of header fields to answer as well, such as `List-Id`; of no effect
///   beside an `include` of `headers`, which has all of them.
/// @param maxOctets How many octets of text, HTML and whole headers to read at most, as they are in
///   the messages; 8 MB when not given.
@Schema(
        example =
                "{\"ids\": [\"FBI00J2OyQb59wJUOxfL\"], \"fields\": [\"subject\", \"from\"],"
                        + " \"include\": [\"text\"], \"headerFields\": [\"List-Id\"]}")
record MessagesRequest(
        @Size(min = 1, max = 500) List<MessageId> ids,
        @Nullable List<MessageField> fields,
        @Nullable List<Include> include,
        @Schema(example = "[\"List-Id\", \"Auto-Submitted\"]") @Size(max = 20)
                @Nullable List<@Pattern(regexp = Texts.FIELD_NAME) String> headerFields,
        @Schema(minimum = "1", maximum = "8000000", example = "1000000")
                @Nullable Integer maxOctets) {}
