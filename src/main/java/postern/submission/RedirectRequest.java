package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.compose.ReportWish;
import postern.compose.SaveCopy;
import postern.message.metadata.EmailAddress;

/// To whom a message is redirected.
///
/// @param to Who gets it, as Resent-To says.
/// @param cc Who else gets it, as Resent-Cc says.
/// @param bcc Who gets it without anybody else knowing.
/// @param from Who redirects it, as Resent-From says; the user when absent.
/// @param mailFrom Where delivery reports go; `from` when absent.
/// @param reports Which delivery reports are wanted; when absent or empty the servers decide, which
///   usually means `failure`. A submission server without DSN ignores it.
/// @param allOrNothing Whether it is sent to nobody if the submission server refuses any of the
///   recipients; `false` when absent.
/// @param saveCopy Whether what is sent goes to the mailbox of sent mail; `never` when absent.
@Schema(example = "{\"to\": [{\"email\": \"ada@example.org\"}]}")
record RedirectRequest(
        @Size(min = 1, max = 1000) List<EmailAddress> to,
        @Size(max = 1000) @Nullable List<EmailAddress> cc,
        @Size(max = 1000) @Nullable List<EmailAddress> bcc,
        @Nullable EmailAddress from,
        @Schema(example = "anne@example.com") @Size(max = 1000) @Nullable String mailFrom,
        @Size(max = 3) @Nullable List<ReportWish> reports,
        @Nullable Boolean allOrNothing,
        @Nullable SaveCopy saveCopy) {}
