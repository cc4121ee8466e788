package postern.mailbox;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.RawText;
import postern.mailbox.directory.MailboxResolver;
import postern.web.id.MailboxId;

/** Fills and reads the mailboxes of a user. */
record MailboxOwner(Account account, ImapConnections connections, MailboxResolver resolver) {

    /** A name at the user's top level, with the server's prefix. */
    MailboxName name(String name) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return MailboxName.of(connection.namespaces().personal().getFirst().prefix() + name);
        }
    }

    void append(Mailbox mailbox, String subject) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            append(connection, mailbox, subject);
        }
    }

    void append(ImapConnection connection, Mailbox mailbox, String subject) {
        append(connection, mailbox.id(), subject);
    }

    void append(ImapConnection connection, MailboxId mailbox, String subject) {
        var message = ("Subject: " + subject + "\r\n\r\nx\r\n").getBytes(StandardCharsets.UTF_8);
        connection.append(
                resolver.resolve(account, mailbox),
                Set.of(),
                null,
                new ByteArrayInputStream(message),
                message.length);
    }

    List<String> subjects(MailboxId id) {
        var name = resolver.resolve(account, id);
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var items = FetchItems.of(FetchItem.ENVELOPE);
            return mailbox
                    .fetch(
                            List.of(
                                    FetchRequest.places(
                                            1, FetchRequest.BySequenceNumber.END, items)))
                    .getFirst()
                    .stream()
                    .map(it -> requireNonNull(requireNonNull(it.envelope()).subject()))
                    .map(RawText::toString)
                    .toList();
        }
    }
}
