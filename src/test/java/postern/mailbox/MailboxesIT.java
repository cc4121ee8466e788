package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.mailbox.directory.MailboxResolver;
import postern.testserver.RealServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Each account is on a different server, so one gateway uses all servers. */
@OnGreenMail
class MailboxesIT {

    @Autowired private Mailboxes mailboxes;
    @Autowired private MailboxResolver resolver;
    @Autowired private ImapConnections connections;

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void listsRolesParentsAndCountsOnEveryServer(RealServer server) {
        var account = account(server);
        var sent = create(account, "Sent");
        var work = create(account, "Work");
        var child = create(account, "Work", "Rechnungen für Jürgen");

        var items = mailboxes.list(account, true, true).items();

        assertThat(items.getFirst().role()).isEqualTo("inbox");
        assertThat(items).filteredOn(it -> "sent".equals(it.role())).hasSize(1);
        assertThat(resolver.resolve(account, MailboxId.parse("sent"))).isEqualTo(sent);
        assertThat(items)
                .filteredOn(it -> it.id().equals(MailboxId.of(child)))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.name()).isEqualTo("Rechnungen für Jürgen");
                    assertThat(it.parentId()).isEqualTo(MailboxId.of(work));
                    assertThat(it.totalMessages()).isZero();
                    assertThat(it.unreadMessages()).isZero();
                });
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void tellsTheSameOfOneMailboxAsOfAll(RealServer server) {
        var account = account(server);
        var id = MailboxId.of(create(account, "Work"));

        var listed = mailboxes.list(account, true, true).items();

        assertThat(listed).contains(asInTheList(mailboxes.get(account, id)));
        assertThat(asInTheList(mailboxes.get(account, MailboxId.parse(MailboxRole.INBOX.id()))))
                .isEqualTo(listed.getFirst());
    }

    /** RFC 9051 §7.1: the code PERMANENTFLAGS has a backslash and an asterisk for new keywords. */
    @ParameterizedTest
    @EnumSource(RealServer.class)
    void tellsTheKeywordsThatItsMessagesHave(RealServer server) {
        var account = account(server);
        var name = create(account, "Tagged");
        var octets = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.append(
                    name, Set.of(Flag.SEEN), null, new ByteArrayInputStream(octets), octets.length);
            try (var mailbox = connection.select(name, Access.READ_WRITE)) {
                var invoice = new FlagChange(Set.of(new Flag("invoice")), Set.of());
                mailbox.store(UidSet.of(1), invoice);
            }
        }

        var told = mailboxes.get(account, MailboxId.of(name));

        assertThat(told.keywords()).contains("invoice");
        assertThat(told.keywords()).noneMatch(keyword -> keyword.startsWith("\\"));
        assertThat(told.mayCreateKeywords()).isTrue();
    }

    private static Mailbox asInTheList(Mailbox it) {
        assertThat(it.quotas()).isNotNull();
        return new Mailbox(
                it.id(),
                it.name(),
                it.path(),
                it.parentId(),
                it.delimiter(),
                it.namespace(),
                it.role(),
                it.selectable(),
                it.subscribed(),
                it.totalMessages(),
                it.unreadMessages(),
                it.size(),
                null,
                null,
                it.myRights(),
                null,
                null,
                null);
    }

    private static Account account(RealServer server) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                server.newUser(),
                new Password(server.password()));
    }

    /** Creates a mailbox in the personal namespace. */
    private MailboxName create(Account account, String... levels) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var personal = connection.namespaces().personal().getFirst();
            var path = String.join(String.valueOf(personal.delimiter()), levels);
            var name = MailboxName.of(personal.prefix() + path);
            if (connection.list(false).stream().noneMatch(it -> it.name().equals(name))) {
                connection.create(name);
            }
            return name;
        }
    }
}
