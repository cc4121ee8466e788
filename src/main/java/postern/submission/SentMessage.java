package postern.submission;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.web.problem.RecipientAnswer;

/// A message that the submission server has accepted, for at least one recipient. What could not be
/// done afterwards is said here: it does not change that the message is sent.
///
/// @param internetMessageId Its Message-ID.
/// @param queueId What the submission server calls it, where its answer tells that.
/// @param smtpStatus The answer of the submission server: reply code and enhanced status code.
/// @param recipients What the submission server answered for each recipient.
/// @param copy What became of the copy in the mailbox of sent mail.
/// @param draft What became of the draft; absent for a message that was not stored before.
/// @param original What became of the mark at the message that was answered or passed on; absent
///   where none was named.
record SentMessage(
        @Schema(example = "20260301.4711@example.org") String internetMessageId,
        @Schema(example = "4XYZ12abc") @Nullable String queueId,
        @Schema(example = "250 2.0.0") String smtpStatus,
        List<RecipientAnswer> recipients,
        CopyResult copy,
        @Nullable DraftResult draft,
        @Nullable OriginalResult original) {}
