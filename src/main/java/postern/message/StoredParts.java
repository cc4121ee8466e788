package postern.message;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.FetchItem;
import postern.imap.FetchItems;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.Section;
import postern.imap.SectionRange;
import postern.imap.SelectedMailbox;

/** Takes parts out of messages, for other messages to have them. */
@Component
public class StoredParts {

    private final ImapConnections connections;

    StoredParts(ImapConnections connections) {
        this.connections = connections;
    }

    /** The parts that are no multiparts, by their ids. Throws MessageNotFound. */
    public Map<String, StoredPart> of(Account account, MessageRef message) {
        try (var mailbox = open(account, message, Lane.INTERACTIVE)) {
            var structure =
                    PartHeaders.whole(
                                    mailbox,
                                    mailbox.fetch(
                                            message.uid(), FetchItems.of(FetchItem.BODY_STRUCTURE)))
                            .bodyStructure();
            var parts = new LinkedHashMap<String, StoredPart>();
            if (structure != null) {
                structure
                        .walk()
                        .filter(part -> !part.multipart())
                        .forEach(part -> parts.put(part.partId(), StoredPart.of(part)));
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
     */
    public void copy(Account account, MessageRef message, String partId, OutputStream out)
            throws IOException {
        var whole = SectionRange.first(Section.part(partId), Long.MAX_VALUE);
        try (var mailbox = open(account, message, Lane.DOWNLOAD);
                var octets = mailbox.open(message.uid(), whole)) {
            octets.transferTo(out);
        }
    }

    private SelectedMailbox open(Account account, MessageRef message, Lane lane) {
        var mailbox = connections.select(account, message.mailbox(), Access.READ_ONLY, lane);
        boolean right = false;
        try {
            mailbox.requireUidValidity(message.uidValidity());
            right = true;
            return mailbox;
        } finally {
            if (!right) {
                mailbox.close();
            }
        }
    }
}
