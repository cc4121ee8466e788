package postern.attachment;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Section;
import postern.web.contract.Texts;
import postern.web.id.MessageId;
import postern.web.link.LinkDisposition;
import postern.web.link.LinkKind;
import postern.web.link.LinkedFile;
import postern.web.problem.InvalidRequest;

/// Which links are wanted, and for how long.
///
/// @param items The files of the message to link to.
/// @param lifetimeSeconds After how many seconds the links end: 600 where the operator has not
///   decided otherwise, 3600 at most. A link never outlives the session that it is made in.
@Schema(
        example =
                "{\"items\": [{\"file\": \"part\", \"partId\": \"2\"}], \"lifetimeSeconds\": 600}")
record LinkRequest(
        @Size(min = 1, max = MOST) List<@Valid Item> items,
        @Schema(minimum = "1", maximum = "3600", example = "600")
                @Nullable Integer lifetimeSeconds) {

    private static final int MOST = 100;

    /// One file to link to.
    ///
    /// @param partId Which part, and only for a part.
    /// @param disposition As the sender of the message meant it when not given.
    @Schema(name = "LinkRequestItem")
    record Item(
            LinkKind file,
            @Schema(type = "string", pattern = Texts.PART_ID, example = "2")
                    @Nullable String partId,
            @Nullable LinkDisposition disposition) {

        private LinkedFile of(MessageId message, String pointer) {
            boolean part = file == LinkKind.PART;
            if (part && (partId == null || partId.isEmpty())) {
                throw InvalidRequest.at(pointer, "is missing");
            }
            if (!part && partId != null) {
                throw InvalidRequest.at(pointer, "is only for a part");
            }
            var id = partId == null ? "" : partId;
            if (!Section.validPartId(id)) {
                throw InvalidRequest.at(pointer, "is not a part id");
            }
            return new LinkedFile(message, file, id, disposition);
        }
    }

    LinkRequest {
        items = List.copyOf(items);
    }

    List<LinkedFile> of(MessageId message) {
        var files = new ArrayList<LinkedFile>();
        for (var item : items) {
            files.add(item.of(message, "/items/%d/partId".formatted(files.size())));
        }
        return files;
    }
}
