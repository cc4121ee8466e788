package postern.imap.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.Quota;
import postern.imap.client.connect.Connectors;
import postern.imap.message.Flag;
import postern.testserver.RealServer;
import postern.testserver.TestServer;

/** Commands on mailboxes, against every server. */
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class MailboxCommandsIT {

    @Parameter TestServer server;

    private Account account;
    private ImapConnection connection;

    @BeforeEach
    void connect() {
        account = Connectors.account(server, server.newUser());
        connection = Connectors.connector().connect(account);
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    @Test
    void renamesAMailboxWithItsMessagesAndWhatIsBelow() {
        var work = mailbox("Work");
        var projects = mailbox("Projects");
        connection.create(work);
        connection.create(below(work, "Old"));
        append(work);

        connection.rename(work, projects);

        assertThat(names()).contains(projects, below(projects, "Old"));
        assertThat(names()).doesNotContain(work, below(work, "Old"));
        assertThat(connection.status(projects).messages()).isEqualTo(1);
    }

    @Test
    void aRenamedMailboxIsNoLongerOpen() {
        var work = mailbox("Work");
        connection.create(work);
        connection.select(work, Access.READ_WRITE);

        connection.rename(work, mailbox("Projects"));
        connection.create(work);
        append(work);

        assertThat(connection.select(work, Access.READ_WRITE).state().messages()).isEqualTo(1);
    }

    @Test
    void saysWhatStandsInTheWayOfAMailbox() {
        var work = mailbox("Work");
        var other = mailbox("Other");
        connection.create(work);
        connection.create(other);
        append(other);

        assertThatThrownBy(() -> connection.create(work))
                .isInstanceOf(ImapException.MailboxExists.class);
        assertThatThrownBy(() -> connection.create(MailboxName.INBOX))
                .isInstanceOf(ImapException.MailboxExists.class);
        assertThatThrownBy(() -> connection.delete(mailbox("Nowhere")))
                .isInstanceOf(ImapException.MailboxNotFound.class);
        assertThatThrownBy(() -> connection.delete(MailboxName.INBOX))
                .isInstanceOf(ImapException.NotPossible.class);
        assertThatThrownBy(() -> connection.rename(work, other))
                .isInstanceOf(ImapException.MailboxExists.class);
        assertThat(connection.status(other).messages()).isEqualTo(1);
    }

    @Test
    void subscribesAndUnsubscribes() {
        var work = mailbox("Work");
        connection.create(work);

        connection.subscribe(List.of(work));
        assertThat(listed(work).subscribed()).isTrue();
        connection.unsubscribe(List.of(work));
        assertThat(listed(work).subscribed()).isFalse();
    }

    @Test
    void createsAMailboxWithARoleWhereTheServerTakesOne() {
        var name = mailbox("Wichtiges");

        connection.create(name, MailboxRole.IMPORTANT);

        var role = listed(name).role();
        if (connection.capabilities().createSpecialUse()) {
            assertThat(role).hasValue(MailboxRole.IMPORTANT);
            assertThatThrownBy(() -> connection.create(mailbox("More"), MailboxRole.FLAGGED))
                    .isInstanceOf(ImapException.NotPossible.class);
        } else {
            assertThat(role).isEmpty();
        }
    }

    @Test
    void tellsHowMuchStorageThereIs() {
        append(MailboxName.INBOX);

        var quotas = connection.quota(MailboxName.INBOX);

        assertThatCode(() -> connection.quota(mailbox("Nowhere"))).doesNotThrowAnyException();
        switch (server) {
            case RealServer.DOVECOT_2_3, RealServer.DOVECOT_2_4 ->
                    assertThat(quotas)
                            .singleElement()
                            .satisfies(it -> {
                                assertThat(it.resource()).isEqualTo(Quota.Resource.STORAGE);
                                assertThat(it.limit()).isEqualTo(8L << 30);
                            });
            default -> assertThat(quotas).isEmpty();
        }
    }

    @Test
    void measuresMailboxesWhereTheServerDoes() {
        append(MailboxName.INBOX);

        var size = connection.status(MailboxName.INBOX).size();

        if (connection.capabilities().statusSize()) {
            assertThat(size).isPositive();
        } else {
            assertThat(size).isNull();
        }
    }

    @Test
    void listsCountsAndRightsTogether() {
        connection.create(mailbox("Work"));

        var mailboxes = connection.list(EnumSet.allOf(ListItem.class));

        assertThat(mailboxes).allSatisfy(it -> assertThat(it.status()).isNotNull());
        assertThat(connection.list(Set.of()))
                .allSatisfy(it -> {
                    assertThat(it.status()).isNull();
                    assertThat(it.rights()).isNull();
                });
        var rights = connection.rights(mailboxes.stream().map(ListedMailbox::name).toList());
        if (connection.capabilities().acl()) {
            assertThat(mailboxes)
                    .allSatisfy(it -> {
                        assertThat(rights.get(it.name())).isEqualTo(it.rights());
                        assertThat(it.rights()).isEqualTo(connection.report(it.name()).rights());
                        assertThat(requireNonNull(it.rights()).read()).isTrue();
                        assertThat(requireNonNull(it.rights()).createChild()).isTrue();
                        assertThat(requireNonNull(it.rights()).administer()).isTrue();
                    });
        } else {
            assertThat(rights).isEmpty();
            assertThat(mailboxes).allSatisfy(it -> assertThat(it.rights()).isNull());
            assertThat(connection.report(MailboxName.INBOX).rights()).isNull();
        }
    }

    @Test
    void tellsWhetherAMailboxCanBeWritten() {
        var read = connection.select(MailboxName.INBOX, Access.READ_ONLY).state();
        var written = connection.select(MailboxName.INBOX, Access.READ_WRITE).state();

        assertThat(read.readOnly()).isTrue();
        assertThat(written.readOnly()).isFalse();
        assertThat(written.keeps(Flag.SEEN)).isTrue();
    }

    private Set<MailboxName> names() {
        return connection.list(false).stream()
                .filter(ListedMailbox::selectable)
                .map(ListedMailbox::name)
                .collect(Collectors.toSet());
    }

    private ListedMailbox listed(MailboxName name) {
        return connection.list(false).stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void append(MailboxName mailbox) {
        var message = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
        connection.append(
                mailbox, Set.of(), null, new ByteArrayInputStream(message), message.length);
    }

    private MailboxName mailbox(String name) {
        return MailboxName.of(connection.namespaces().personal().getFirst().prefix() + name);
    }

    private MailboxName below(MailboxName mailbox, String name) {
        var delimiter = connection.namespaces().personal().getFirst().delimiter();
        return MailboxName.of(mailbox.decoded() + delimiter + name);
    }
}
