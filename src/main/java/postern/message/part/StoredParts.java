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
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** Takes parts out of messages, for other messages to have them. */
@Component
public class StoredParts {

    private final ImapConnections connections;

    StoredParts(ImapConnections connections) {
        this.connections = connections;
    }

    /**
     * The parts that are no multiparts, by their ids. Throws MessageNotFound.
     *
     * @param partId the one that is wanted: messages around it are opened
     */
    public Map<String, StoredPart> of(Account account, MessageRef message, String partId) {
        try (var mailbox = open(account, message, Lane.INTERACTIVE)) {
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

    /** How many octets the whole message has. */
    public long size(Account account, MessageRef message) {
        try (var mailbox = open(account, message, Lane.INTERACTIVE)) {
            var size = mailbox.fetch(message.uid(), FetchItems.of(FetchItem.SIZE)).size();
            return size == null ? 0 : size;
        }
    }

    /**
     * Writes a part as it lies there, its transfer encoding not taken off.
     *
     * @param partId the whole message when empty
     * @param place where it lies, when the mail server does not know it by its id
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
        try (var mailbox = open(account, message, Lane.DOWNLOAD)) {
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

    private SelectedMailbox open(Account account, MessageRef message, Lane lane) {
        var mailbox = connections.select(account, message.mailbox(), Access.READ_ONLY, lane);
        boolean right = false;
        try {
            mailbox.require(message);
            right = true;
            return mailbox;
        } finally {
            if (!right) {
                mailbox.close();
            }
        }
    }
}
