package postern.batch;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.Keywords;
import postern.web.id.MessageId;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;

/// What became of one message.
///
/// @param status 200, or the status of the problem.
/// @param newId Where the message or its copy is now; absent when the mail server did not tell (it
///   has no UIDPLUS).
/// @param keywords As they are now; of a message that went, as they were. Absent for a token
///   without the scope `read`.
/// @param problem Why it was not done, or not wholly.
record BatchItem(
        MessageId id,
        @Schema(example = "200") int status,
        @Nullable MessageId newId,
        @Nullable Keywords keywords,
        @Nullable Problem problem) {

    private static final int OK = 200;

    static BatchItem done(MessageId id, @Nullable MessageId newId, @Nullable Keywords keywords) {
        return new BatchItem(id, OK, newId, keywords, null);
    }

    static BatchItem failed(MessageId id, @Nullable MessageId newId, Problem problem) {
        return new BatchItem(id, problem.status(), newId, null, problem);
    }

    /** The same result with the id as the caller sent it. */
    BatchItem withId(MessageId sent) {
        return new BatchItem(sent, status, newId, keywords, problem);
    }

    BatchItem withoutKeywords() {
        return new BatchItem(id, status, newId, null, problem);
    }

    /** Whether the outcome is unknown. */
    boolean unknown() {
        return problem != null && problem.code().equals(ProblemCode.OUTCOME_UNKNOWN.toString());
    }

    /** Whether it was certainly not done and may succeed when it is tried again. */
    boolean repeatable() {
        return problem != null && problem.retryable() && newId == null && !unknown();
    }

    boolean succeeded() {
        return problem == null;
    }
}
