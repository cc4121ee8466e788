package postern.message.change;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;

@OnGreenMail
class MessageAppenderIT {

    private static final Instant ARRIVED = Instant.parse("2026-03-01T09:34:56Z");

    @Autowired private MessageAppender messages;
    @Autowired private ImapConnections connections;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void tellsWhereTheMessageIs(TestServer server) {
        var account = account(server);
        append(account, "Message-ID: <0@x>\r\n\r\nother\r\n");

        var place = requireNonNull(append(account, "Message-ID: <1@x>\r\n\r\nhi\r\n"));

        try (var mailbox =
                connections.select(account, place.mailbox(), Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(place.uidValidity());
            var message =
                    mailbox.fetch(
                            place.uid(),
                            FetchItems.of(
                                    FetchItem.ENVELOPE, FetchItem.FLAGS, FetchItem.INTERNAL_DATE));
            assertThat(requireNonNull(message.envelope()).messageId()).hasToString("<1@x>");
            assertThat(message.flags()).contains(Flag.SEEN);
            assertThat(message.internalDate()).isEqualTo(ARRIVED);
        }
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void takesALargeMessage(TestServer server) {
        var account = account(server);
        var text = "Message-ID: <1@x>\r\n\r\n" + ("x".repeat(76) + "\r\n").repeat(10_000);

        assertThat(append(account, text)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void refusesAMailboxThatDoesNotExist(TestServer server) {
        var account = account(server);
        var none = missing(account);

        assertThatThrownBy(() -> append(account, none, "Subject: a\r\n\r\nx\r\n"))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        assertThatThrownBy(() -> append(account, none, "x".repeat(1_000_000)))
                .isInstanceOf(ImapException.MailboxNotFound.class);
    }

    private @Nullable MessageRef append(Account account, String message) {
        return append(account, MailboxName.INBOX, message);
    }

    private @Nullable MessageRef append(Account account, MailboxName mailbox, String message) {
        var octets = message.getBytes(StandardCharsets.US_ASCII);
        return messages.append(
                account,
                mailbox,
                Set.of(Flag.SEEN),
                ARRIVED,
                new ByteArrayInputStream(octets),
                octets.length);
    }

    private MailboxName missing(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var prefix = connection.namespaces().personal().getFirst().prefix();
            return MailboxName.of(prefix + "none");
        }
    }

    private static Account account(TestServer server) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                server.newUser(),
                new Password(server.password()));
    }
}
