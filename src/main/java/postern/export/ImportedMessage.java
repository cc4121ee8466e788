package postern.export;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.AppendOutcome;
import postern.imap.MessageRef;
import postern.web.id.MessageId;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;

/// What became of one message of the mbox.
///
/// @param index Which one, counted from 0.
/// @param id Where it is now; absent where it is not imported, and where the mail server does not
///   tell (no UIDPLUS).
/// @param size In octets, as it was sent to the mail server.
/// @param problem Why it is not imported, or not known to be.
record ImportedMessage(
        @Schema(example = "0") int index,
        ImportStatus status,
        @Nullable MessageId id,
        @Schema(example = "2048") long size,
        @Nullable Problem problem) {

    /// `unknown`: the mail server had all of it when the connection was lost, so that it may be
    /// there or not.
    enum ImportStatus {
        IMPORTED,
        FAILED,
        UNKNOWN;

        @JsonValue
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ImportedMessage of(int index, long size, AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Stored(var appended) -> imported(index, size, appended.message());
            case AppendOutcome.NotStored(var why) -> failed(index, size, Problem.of(why));
            case AppendOutcome.Unknown _ ->
                    new ImportedMessage(
                            index,
                            ImportStatus.UNKNOWN,
                            null,
                            size,
                            Problem.of(
                                    ProblemCode.OUTCOME_UNKNOWN,
                                    "the connection ended when the mail server had all of it"));
        };
    }

    static ImportedMessage imported(int index, long size, @Nullable MessageRef message) {
        var id = message == null ? null : MessageId.of(message);
        return new ImportedMessage(index, ImportStatus.IMPORTED, id, size, null);
    }

    static ImportedMessage failed(int index, long size, Problem problem) {
        return new ImportedMessage(index, ImportStatus.FAILED, null, size, problem);
    }
}
