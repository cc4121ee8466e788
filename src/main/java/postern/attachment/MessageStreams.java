package postern.attachment;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.message.Section;

/** Opens messages that are too large for the heap as streams. */
@Component
public final class MessageStreams {

    private final ImapConnections connections;
    private final DownloadProperties limits;

    MessageStreams(ImapConnections connections, DownloadProperties limits) {
        this.connections = connections;
        this.limits = limits;
    }

    /** Throws MessageNotFound when it is gone. The caller must close the stream. */
    public MessageStream open(Account account, MessageRef message) {
        var mailbox = connections.select(account, message, Access.READ_ONLY, Lane.BULK);
        MessageStream opened = null;
        try {
            var source =
                    new SectionSource(
                            connections,
                            account,
                            message,
                            Section.MESSAGE,
                            false,
                            0,
                            Long.MAX_VALUE);
            opened = new MessageStream(source, mailbox, new ClientPace(limits));
            return opened;
        } finally {
            if (opened == null) {
                mailbox.close();
            }
        }
    }
}
