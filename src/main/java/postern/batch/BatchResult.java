package postern.batch;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a batch. */
@Schema(description = "What became of each message.")
record BatchResult(
        @Schema(description = "How many messages it was done to.", example = "998") int succeeded,
        @Schema(description = "How many have a problem.", example = "2") int failed,
        @Schema(
                        description =
                                "How many messages matched the filter; when there are more than results, send"
                                        + " the request again. Absent where there are `limit` results and"
                                        + " counting would mean looking at each message.",
                        example = "1000")
                @Nullable Long matched,
        @Schema(description = "In the order of the ids; by filter, the newest message first.")
                List<BatchItem> results) {

    static BatchResult of(List<BatchItem> results, @Nullable Long matched) {
        int succeeded = (int) results.stream().filter(BatchItem::succeeded).count();
        return new BatchResult(succeeded, results.size() - succeeded, matched, results);
    }
}
