package postern.batch;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;

/// What became of each message.
///
/// @param succeeded How many messages it was done to.
/// @param failed How many have a problem.
/// @param matched How many messages matched the filter; when there are more than results, send the
///   request again. Absent where there are `limit` results and counting would mean looking at each
///   message.
/// @param results In the order of the ids; by filter, the newest message first.
record BatchResult(
        @Schema(example = "998") int succeeded,
        @Schema(example = "2") int failed,
        @Schema(example = "1000") @Nullable Long matched,
        List<BatchItem> results) {

    static BatchResult of(List<BatchItem> results, @Nullable Long matched) {
        int succeeded = (int) results.stream().filter(BatchItem::succeeded).count();
        return new BatchResult(succeeded, results.size() - succeeded, matched, results);
    }

    /** Without what the scope {@code read} guards, for a token that lacks it. */
    BatchResult toldTo(Account account) {
        return account.limits().permits(Scope.READ)
                ? this
                : new BatchResult(
                        succeeded,
                        failed,
                        matched,
                        results.stream().map(BatchItem::withoutKeywords).toList());
    }
}
