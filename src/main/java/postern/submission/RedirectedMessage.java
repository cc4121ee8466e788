package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.smtp.Submission;
import postern.web.problem.RecipientAnswer;

/// A redirected message that the submission server has accepted, for at least one recipient.
///
/// @param resentMessageId Its Resent-Message-ID.
/// @param queueId What the submission server calls it, where its answer tells that.
/// @param smtpStatus The answer of the submission server: reply code and enhanced status code.
/// @param recipients What the submission server answered for each recipient.
/// @param copy What became of the copy in the mailbox of sent mail.
record RedirectedMessage(
        @Schema(example = "20260301.4712@example.org") String resentMessageId,
        @Schema(example = "4XYZ12abc") @Nullable String queueId,
        @Schema(example = "250 2.0.0") String smtpStatus,
        List<RecipientAnswer> recipients,
        CopyResult copy) {

    static RedirectedMessage of(String resentMessageId, Submission sent, CopyResult copy) {
        return new RedirectedMessage(
                resentMessageId,
                sent.queueId(),
                sent.reply().status(),
                sent.recipients().stream().map(SubmissionProblems::answer).toList(),
                copy);
    }
}
