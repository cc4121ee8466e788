package postern.imap.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.imap.Access;
import postern.imap.Grant;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.PoolableConnection;
import postern.imap.Quota;
import postern.imap.Rights;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.UidSet;
import postern.testserver.ScriptedImapServer;

/** The exact commands on mailboxes. */
class MailboxCommandsTest {

    private static final MailboxName WORK = MailboxName.of("Work");

    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void asksForCountsSizesAndRightsInOneCommand() {
        server.capabilities(
                "IMAP4rev1", "LIST-EXTENDED", "LIST-STATUS", "STATUS=SIZE", "ACL", "LIST-MYRIGHTS");
        server.expect(
                        "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN MYRIGHTS STATUS (MESSAGES UNSEEN"
                                + " UIDNEXT UIDVALIDITY SIZE))")
                .reply(
                        "* LIST (\\Subscribed) \"/\" Work",
                        "* MYRIGHTS Work lrwx",
                        "* STATUS Work (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7 SIZE 8589934592)",
                        "OK");

        try (var connection = connect()) {
            var work = connection.list(EnumSet.allOf(ListItem.class)).getFirst();

            assertThat(work.rights()).isEqualTo(new Rights("lrwx"));
            assertThat(requireNonNull(work.status()).size()).isEqualTo(8_589_934_592L);
        }
    }

    @Test
    void asksOneByOneInOneFlushWhereListDoesNotTell() {
        server.capabilities("IMAP4rev1", "ACL");
        server.expect("LIST \"\" \"*\"")
                .reply("* LIST () \"/\" Work", "* LIST (\\Noselect) \"/\" Up", "OK");
        server.expect("LSUB \"\" \"*\"").reply("OK");
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply("* STATUS Work (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7)", "OK");
        server.expect("MYRIGHTS \"Work\"").reply("NO not today");

        try (var connection = connect()) {
            var mailboxes = connection.list(EnumSet.allOf(ListItem.class));

            assertThat(mailboxes).hasSize(2);
            assertThat(requireNonNull(mailboxes.getFirst().status()).messages()).isEqualTo(3);
            assertThat(mailboxes).extracting(ListedMailbox::rights).containsOnlyNulls();
        }
    }

    @Test
    void createsWithAUseOnlyWhereTheServerTakesOne() {
        server.capabilities("IMAP4rev1", "CREATE-SPECIAL-USE");
        server.expect("CREATE \"Work\" (USE (\\Archive))").reply("OK");
        server.expect("CREATE \"Work\" (USE (\\Junk))").reply("NO [USEATTR] taken");
        server.expect("LIST \"\" \"*\"").reply("OK");
        server.expect("CREATE \"Work\"").reply("OK");

        try (var connection = connect()) {
            connection.create(WORK, MailboxRole.ARCHIVE);
            assertThatThrownBy(() -> connection.create(WORK, MailboxRole.JUNK))
                    .isInstanceOf(ImapException.NotPossible.class)
                    .hasMessageContaining("role");
            connection.create(WORK);
        }
    }

    @Test
    void leavesAMailboxBeforeItsNameGoes() {
        server.capabilities("IMAP4rev1");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok");
        server.expect("RENAME \"Work\" \"Play\"").reply("OK");
        server.expect("DELETE \"Play\"").reply("OK");

        try (var connection = connect()) {
            connection.select(MailboxName.of("Work/Deep"), Access.READ_WRITE);
            connection.rename(WORK, MailboxName.of("Play"));
            connection.delete(MailboxName.of("Play"));

            assertThat(connection.selected()).isEqualTo(MailboxName.INBOX);
            assertThat(server.commands())
                    .filteredOn(it -> it.startsWith("EXAMINE"))
                    .containsExactly("EXAMINE \"INBOX\"");
        }
    }

    @Test
    void readsEveryQuotaRootAndSkipsWhatItDoesNotKnow() {
        server.capabilities("IMAP4rev1", "QUOTA=RES-STORAGE");
        server.expect("GETQUOTAROOT \"Work\"")
                .reply(
                        "* QUOTAROOT Work \"\" \"Große\"",
                        "* QUOTA \"\" (STORAGE 10 512 X-NEW 1 2)",
                        "* QUOTA \"G\" (MESSAGE 7 9223372036854775807)",
                        "* QUOTA \"ROOT\"",
                        "OK");

        try (var connection = connect()) {
            assertThat(connection.quota(WORK))
                    .first()
                    .isEqualTo(new Quota("", Quota.Resource.STORAGE, 10 * 1024, 512 * 1024));
        }
    }

    @Test
    void aServerThatKeepsItsQuotaToItselfHasNone() {
        server.capabilities("IMAP4rev1", "QUOTA");
        server.expect("GETQUOTAROOT \"Work\"").reply("NO not showing");

        try (var connection = connect()) {
            assertThat(connection.quota(WORK)).isEmpty();
        }
    }

    @Test
    void readsAndWritesAnAccessControlList() {
        server.capabilities("IMAP4rev1", "ACL", "LITERAL+");
        server.expect("GETACL \"Work\"")
                .reply("* ACL Work anne lrswipkxtea \"-bob\" \"w\" anyone \"\"", "OK");
        server.expect("SETACL \"Work\" \"anne\" \"lrs\"").reply("OK");
        server.expect("SETACL \"Work\" \"anne\" \"z\"").reply("BAD no such right");
        server.expect("DELETEACL \"Work\" \"-bob\"").reply("OK");

        try (var connection = connect()) {
            assertThat(connection.acl(WORK))
                    .isEqualTo(
                            List.of(
                                    new Grant("anne", new Rights("lrswipkxtea")),
                                    new Grant("-bob", new Rights("w")),
                                    new Grant("anyone", new Rights(""))));
            connection.setAcl(WORK, new Grant("anne", new Rights("srl")));
            assertThatThrownBy(() -> connection.setAcl(WORK, new Grant("anne", new Rights("z"))))
                    .isInstanceOf(ImapException.NotPossible.class);
            connection.deleteAcl(WORK, "-bob");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO Mailbox already exists, MailboxExists",
        "NO [ALREADYEXISTS] no, MailboxExists",
        "NO [HASCHILDREN] no, MailboxHasChildren",
        "NO Mailbox has inferior hierarchical names, MailboxHasChildren",
        "NO [NONEXISTENT] no, MailboxNotFound",
        "NO Mailbox does not exist, MailboxNotFound",
        "'NO Mailbox does not exist, or must be subscribed to.', MailboxNotFound",
        "NO [NOPERM] no, PermissionDenied",
        "NO Permission denied, PermissionDenied",
        "NO Access denied for RENAME on INBOX, PermissionDenied",
        "NO [INUSE] no, MailboxInUse",
        "NO [CANNOT] no, NotPossible",
        "NO Reserved folder name - cannot rename., NotPossible",
        "NO INBOX can't be deleted, NotPossible"
    })
    void saysWhyAMailboxCannotBeRenamed(String reply, String reason) {
        server.capabilities("IMAP4rev1");
        server.expect("RENAME \"Work\" \"Play\"").reply(reply);
        if (reason.equals("NotPossible")) {
            server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" Work", "OK");
        }

        try (var connection = connect()) {
            assertThatThrownBy(() -> connection.rename(WORK, MailboxName.of("Play")))
                    .isInstanceOf(ImapException.class)
                    .extracting(it -> it.getClass().getSimpleName())
                    .isEqualTo(reason);
        }
    }

    @Test
    void findsOutWhetherTheNewNameIsTakenWhereTheServerDoesNotSay() {
        server.capabilities("IMAP4rev1");
        server.expect("RENAME \"Work\" \"Play\"").reply("NO Cannot rename.");
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" Play", "OK");

        try (var connection = connect()) {
            assertThatThrownBy(() -> connection.rename(WORK, MailboxName.of("Play")))
                    .isInstanceOf(ImapException.MailboxExists.class);
        }
    }

    @Test
    void namespacesComeWithTheListAndAreAskedForOnce() {
        server.capabilities("IMAP4rev1", "NAMESPACE", "LIST-EXTENDED");
        server.expect("NAMESPACE")
                .reply("* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\"))", "OK");
        for (int i = 0; i < 2; i++) {
            server.expect("LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)")
                    .reply("* LIST () \".\" INBOX", "OK");
        }

        try (var connection = connect()) {
            connection.list(false);
            connection.list(false);

            assertThat(connection.namespaces().shared()).hasSize(1);
        }
    }

    @Test
    void aServerThatWantsUtf8IsToldThatItGetsIt() {
        server.capabilities("IMAP4rev1", "UTF8=ONLY", "ENABLE", "LITERAL+");
        server.expect("ENABLE UTF8=ACCEPT").reply("* ENABLED UTF8=ACCEPT", "OK");
        server.expectMatching("CREATE \\{8\\+\\}.*").reply("OK");

        try (var connection = connect()) {
            var name = MailboxName.of("", "Entwürf", connection.capabilities());
            assertThat(name.decoded()).isEqualTo("Entwürf");
            connection.create(name);
        }
    }

    @Test
    void givesUpAConnectionWhoseMailboxIsNoMore() {
        server.capabilities("IMAP4rev1");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok");
        server.expect("NOOP").reply("* NO Internal error occurred. Refer to server log.", "OK");
        server.expect("UID FETCH 1 (UID FLAGS)").reply("* 1 FETCH (UID 1 FLAGS ())", "OK");

        var connection = connect();
        var work = connection.select(WORK, Access.READ_ONLY);

        assertThatThrownBy(() -> work.fetch(UidSet.of(1), FetchItems.of(FetchItem.FLAGS)))
                .isInstanceOf(ImapException.ConnectionLost.class);
        assertThat(connection.usable()).isFalse();
    }

    @Test
    void opensAMailboxAnewOfWhichAllMessagesWent() {
        server.capabilities("IMAP4rev1");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 7] ok");
        server.expect("NOOP").reply("* 1 EXPUNGE", "OK");

        try (var connection = connect()) {
            connection.select(WORK, Access.READ_ONLY).fetch(List.of());
            connection.select(WORK, Access.READ_ONLY);

            assertThat(server.commands())
                    .filteredOn(it -> it.startsWith("EXAMINE"))
                    .containsExactly("EXAMINE \"Work\"", "EXAMINE \"Work\"");
        }
    }

    @Test
    void asksEverythingAboutAMailboxInOneFlush() {
        server.capabilities("IMAP4rev1", "ACL", "QUOTA");
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply("* STATUS Work (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7)", "OK");
        server.expect("MYRIGHTS \"Work\"").reply("* MYRIGHTS Work lr", "OK");
        server.expect("GETQUOTAROOT \"Work\"").reply("NO not yours");

        try (var connection = connect()) {
            var report = connection.report(WORK);

            assertThat(requireNonNull(report.status()).messages()).isEqualTo(3);
            assertThat(report.rights()).isEqualTo(new Rights("lr"));
            assertThat(report.quotas()).isEmpty();
        }
    }

    private PoolableConnection connect() {
        return Connectors.connector()
                .connect(Connectors.account(server.host(), server.port(), "u", "p"));
    }
}
