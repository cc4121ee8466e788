package postern.attachment;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.web.link.FileLink;
import postern.web.link.LinkKind;

/// The links that were asked for, in that order.
record LinkList(List<Item> items) {

    static LinkList of(List<FileLink> links) {
        return new LinkList(links.stream().map(Item::of).toList());
    }

    /// A URL that opens one file and needs no header.
    ///
    /// @param partId Which part, where it is one.
    /// @param url Anyone who has it can read the file. It is relative to the gateway's own address
    ///   unless the operator has set that address.
    /// @param expiresAt When it ends, if not earlier with the session.
    @Schema(name = "Link")
    record Item(
            LinkKind file,
            @Schema(type = "string", example = "2") @Nullable String partId,
            @Schema(
                            format = "uri-reference",
                            example = "/v1/links/5f0a3c91d27e.eyJraWQiOi.dGhlIG5v.bmNlIGFu.cmVzdA")
                    String url,
            Instant expiresAt) {

        private static Item of(FileLink link) {
            var partId = link.file().partId();
            return new Item(
                    link.file().kind(),
                    partId.isEmpty() ? null : partId,
                    link.url(),
                    link.expiresAt());
        }

        /** Omits the URL, so that it can be logged. */
        @Override
        public String toString() {
            return "Link[expiresAt=%s]".formatted(expiresAt);
        }
    }
}
