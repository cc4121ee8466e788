package postern.export;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of the messages of an mbox, in their order there.
///
/// @param imported How many are in the mailbox now.
/// @param failed How many are not.
/// @param unknown Of how many nobody knows.
/// @param next There are more than one import takes, or than the gateway has room for at the
///   moment: send the same mbox again, with this as `skip`. Absent when all of it was read.
record ImportResult(
        List<ImportedMessage> items,
        @Schema(example = "1") int imported,
        @Schema(example = "0") int failed,
        @Schema(example = "0") int unknown,
        @Schema(example = "50000") @Nullable Integer next) {

    static ImportResult of(List<ImportedMessage> items, @Nullable Integer next) {
        int imported = count(items, ImportedMessage.ImportStatus.IMPORTED);
        int failed = count(items, ImportedMessage.ImportStatus.FAILED);
        return new ImportResult(items, imported, failed, items.size() - imported - failed, next);
    }

    private static int count(List<ImportedMessage> items, ImportedMessage.ImportStatus status) {
        return (int) items.stream().filter(item -> item.status() == status).count();
    }
}
