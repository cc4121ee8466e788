package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import postern.smtp.Submission;
import postern.web.problem.RecipientAnswer;

/// A message that the submission server has accepted, for at least one recipient. What could not be
/// done afterwards is said here: it does not change that the message is sent.
///
/// With `Idempotency-Replayed` an earlier request has sent it. Where only the mailbox knows of
/// that, as on another replica, `queueId` and `smtpStatus` are absent and `recipients` is empty;
/// the rest is as it is now.
///
/// @param internetMessageId Its Message-ID.
/// @param queueId What the submission server calls it, where its answer tells that.
/// @param smtpStatus The answer of the submission server: reply code and enhanced status code.
/// @param recipients What the submission server answered for each recipient.
/// @param copy What became of the copy in the mailbox of sent mail.
/// @param draft What became of the draft; absent for a message that was not stored before. A new
///   message with an `Idempotency-Key` is stored before.
/// @param original What became of the mark at the message that was answered or passed on; absent
///   where none was named or looked for.
record SentMessage(
        @Schema(example = "20260301.4711@example.org") String internetMessageId,
        @Schema(example = "4XYZ12abc") @Nullable String queueId,
        @Schema(example = "250 2.0.0") @Nullable String smtpStatus,
        List<RecipientAnswer> recipients,
        CopyResult copy,
        @Nullable DraftResult draft,
        @Nullable OriginalResult original) {

    static SentMessage of(
            ReadyMessage message,
            Submission sent,
            CopyResult copy,
            @Nullable DraftResult draft,
            @Nullable OriginalResult original) {
        return new SentMessage(
                Objects.requireNonNull(message.messageId()),
                sent.queueId(),
                sent.reply().status(),
                sent.recipients().stream().map(SubmissionProblems::answer).toList(),
                copy,
                draft,
                original);
    }

    /** One that an earlier request has sent. */
    static SentMessage repeated(
            String messageId,
            CopyResult copy,
            @Nullable DraftResult draft,
            @Nullable OriginalResult original) {
        return new SentMessage(messageId, null, null, List.of(), copy, draft, original);
    }
}
