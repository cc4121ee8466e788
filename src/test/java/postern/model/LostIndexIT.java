package postern.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import postern.testclient.SecondImapClient.Seen;
import postern.testserver.AnyMailServer;
import postern.testserver.RealServer;

/**
 * A mail server whose index is deleted forgets what changed, and does not say so. An app that keeps
 * a copy is told to list anew.
 */
@ContextConfiguration(initializers = AnyMailServer.class)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "postern.imap.host=localhost")
@NullMarked
class LostIndexIT {

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void aDeletedIndexLosesNoChange(RealServer server) throws IOException {
        lose(server, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOVECOT_2_3", "DOVECOT_2_4"})
    void anIndexThatGrewPastItsOldValueLosesNoChange(RealServer server) throws IOException {
        lose(server, 30);
    }

    private void lose(RealServer server, int changesAfterwards) throws IOException {
        var user = server.newUser();
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var session = tokens.start(new Account(imap, user, new Password(server.password())));
        var copy = new MailboxCopy(new HttpApi(port, tokens.seal(session)), "inbox");
        try (var program = SecondImapClient.of(server, user)) {
            for (int i = 1; i <= 10; i++) {
                deliver(program, i);
            }
            program.store("INBOX", List.of(id(4)), true, "$flagged");
            copy.sync(() -> 500, () -> {});

            program.store("INBOX", List.of(id(3)), true, "$answered");
        }
        server.run("sh", "-c", "rm -f /srv/mail/%s/Maildir/dovecot.index*".formatted(user));
        server.restart();
        try (var program = SecondImapClient.of(server, user)) {
            for (int i = 0; i < changesAfterwards; i++) {
                program.store("INBOX", List.of(id(9)), i % 2 == 0, "$seen");
            }
            copy.sync(() -> 500, () -> {});

            assertThat(copy.content()).isEqualTo(content(program.look("INBOX")));
        }
    }

    private static void deliver(SecondImapClient program, int number) throws IOException {
        var message = "Message-ID: %s\r\nSubject: number %d\r\n\r\nText\r\n";
        program.append("INBOX", List.of(), message.formatted(id(number), number).getBytes(UTF_8));
    }

    private static String id(int number) {
        return "<m" + number + "@example.org>";
    }

    private static TreeMap<Long, MailboxCopy.Row> content(List<Seen> seen) {
        var content = new TreeMap<Long, MailboxCopy.Row>();
        seen.forEach(it ->
                content.put(
                        it.uid(), new MailboxCopy.Row(it.uid(), it.messageId(), it.keywords())));
        return content;
    }
}
