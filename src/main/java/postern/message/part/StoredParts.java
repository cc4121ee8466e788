package postern.message.part;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** Copies parts of stored messages into new messages. */
@Component
public class StoredParts {

    private final ImapConnections connections;

    StoredParts(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * All parts except multiparts, by their ids. Throws MessageNotFound.
     *
     * @param partId the one that is wanted: attached messages that contain it are parsed
     */
    public Map<String, StoredPart> of(Account account, MessageRef message, String partId) {
        try (var mailbox =
                connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var own = PartFinder.fetch(mailbox, message.uid(), partId);
            var structure = own.message().bodyStructure();
            var parts = new LinkedHashMap<String, StoredPart>();
            if (structure != null) {
                structure
                        .walk()
                        .filter(part -> !part.multipart())
                        .forEach(part -> {
                            var id = part.partId();
                            parts.put(id, StoredPart.of(part, own.place(id)));
                        });
            }
            return parts;
        }
    }

    /** The size of the whole message in octets. */
    public long size(Account account, MessageRef message) {
        try (var mailbox =
                connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var size = mailbox.fetch(message.uid(), FetchItems.of(FetchItem.SIZE)).size();
            return size == null ? 0 : size;
        }
    }

    /**
     * Writes a part as it is stored, without decoding its transfer encoding.
     *
     * @param partId empty for the whole message
     * @param place where its octets are, when the mail server does not know it by its id
     */
    public void copy(
            Account account,
            MessageRef message,
            String partId,
            @Nullable PartLocation place,
            OutputStream out)
            throws IOException {
        var whole = SectionRange.first(Section.part(partId), Long.MAX_VALUE);
        var range = place == null ? whole : place.range();
        try (var mailbox = connections.select(account, message, Access.READ_ONLY, Lane.BULK)) {
            if (place == null || place.direct()) {
                try (var octets = mailbox.open(message.uid(), range)) {
                    octets.transferTo(out);
                }
                return;
            }
            var fetched = mailbox.fetch(message.uid(), new FetchItems(Set.of(), List.of(range)));
            out.write(place.in(fetched.sections().getOrDefault(range, new byte[0])));
        }
    }
}
