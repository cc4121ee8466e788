package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.MetadataCache;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Threads in an account with more messages than are indexed. */
@OnGreenMail
class AccountMailboxesTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private ImapConnections connections;
    @Autowired private MailboxResolver mailboxes;
    @Autowired private ConversationCache cache;
    @Autowired private ServerThreads serverThreads;
    @Autowired private MetadataCache facts;

    private final Account account =
            new Account(
                    new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                    SERVER.newUser(),
                    new Password(SERVER.password()));

    @Test
    void tellsWhichMailboxesItHasNotLookedAtWhole() {
        append("INBOX", 1);
        append("A", 2);
        append("B", 2);
        append("C", 1);

        var cut = threads(3);
        var line = list(cut);
        var thread = cut.read(account, line.items().getFirst().id(), ThreadScope.ACCOUNT);

        assertThat(line.partialMailboxes()).containsExactly(id("B"), id("C"));
        assertThat(thread.partialMailboxes()).containsExactly(id("B"), id("C"));
        assertThat(list(threads(5)).partialMailboxes()).isNull();
        assertThat(list(cut).partialMailboxes()).containsExactly(id("C"));
    }

    private Threads threads(int accountMessages) {
        var properties = new ThreadProperties(DataSize.ofMegabytes(1), accountMessages);
        var accounts = new AccountMailboxes(connections, cache, properties);
        return new Threads(connections, mailboxes, cache, accounts, serverThreads, facts);
    }

    private ThreadPage list(Threads threads) {
        var filter = new ThreadFilter(null, null, null, null, null, null);
        var query = new ThreadQuery(50, ThreadScope.ACCOUNT, filter);
        return threads.list(account, id("INBOX"), null, query);
    }

    private static MailboxId id(String mailbox) {
        return MailboxId.of(MailboxName.of(mailbox));
    }

    private void append(String mailbox, int messages) {
        var name = MailboxName.of(mailbox);
        var octets = "Subject: x\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            if (!name.inbox()) {
                connection.create(name);
            }
            for (int i = 0; i < messages; i++) {
                var content = new ByteArrayInputStream(octets);
                connection.append(name, Set.of(), null, content, octets.length);
            }
        }
    }
}
