package postern.compose;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.web.id.MessageId;

/// How a message is sent.
///
/// @param mailFrom Where delivery reports go; when absent the address in Sender, or else the first
///   one in From.
/// @param rcptTo Who gets it, whatever the message says; when absent all of To, Cc and Bcc.
/// @param reports Which delivery reports are wanted; when absent or empty the servers decide, which
///   usually means `failure`. A submission server without DSN ignores it.
/// @param allOrNothing Whether it is sent to nobody if the submission server refuses any of the
///   recipients; `false` when absent.
/// @param saveCopy Whether it goes to the mailbox of sent mail; `auto` when absent.
/// @param answers The message that it answers, which gets `$answered`.
/// @param forwards The message that it passes on, which gets `$forwarded`.
@Schema(example = "{\"saveCopy\": \"auto\"}")
public record SendOptions(
        @Schema(example = "anne@example.com") @Size(max = 1000) @Nullable String mailFrom,
        @Schema(example = "[\"ada@example.org\"]") @Size(max = SendOptions.MOST_RECIPIENTS)
                @Nullable List<String> rcptTo,
        @Size(max = 3) @Nullable List<ReportWish> reports,
        @Nullable Boolean allOrNothing,
        @Nullable SaveCopy saveCopy,
        @Nullable MessageId answers,
        @Nullable MessageId forwards) {

    public static final int MOST_RECIPIENTS = 1000;

    public static final SendOptions NONE =
            new SendOptions(null, null, null, null, null, null, null);
}
