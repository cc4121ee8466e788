package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.Submission;
import postern.web.problem.RecipientAnswer;

/// A receipt that the submission server has accepted, for at least one of those who asked for it.
/// The message bears `$mdnsent`.
///
/// @param internetMessageId The Message-ID of the receipt.
/// @param from The user's address that the receipt speaks of.
/// @param queueId What the submission server calls it, where its answer tells that.
/// @param smtpStatus The answer of the submission server: reply code and enhanced status code.
/// @param recipients What the submission server answered for each who gets it.
record SentReceipt(
        @Schema(example = "20260301.4711@example.org") String internetMessageId,
        @Schema(example = "anne@example.com") String from,
        @Schema(example = "4XYZ12abc") @Nullable String queueId,
        @Schema(example = "250 2.0.0") String smtpStatus,
        List<RecipientAnswer> recipients) {

    static SentReceipt of(String messageId, String from, Submission sent) {
        return new SentReceipt(
                messageId,
                from,
                sent.queueId(),
                sent.reply().status(),
                sent.recipients().stream().map(SubmissionProblems::answer).toList());
    }
}
