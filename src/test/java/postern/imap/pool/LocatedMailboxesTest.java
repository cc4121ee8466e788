package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.LoginHashes;
import postern.account.Password;
import postern.account.Security;
import postern.account.TokenLimits;
import postern.imap.Access;
import postern.imap.ExamineRequest;
import postern.imap.IdleWait;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.OwnChanges;
import postern.imap.SelectedMailbox;
import postern.imap.client.connect.Connectors;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.shared.InMemorySharedState;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;

/** Mailboxes by MAILBOXID (RFC 8474), whatever their names are. */
@Timeout(60)
class LocatedMailboxesTest {

    private static final String LIST =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MAILBOXID))";
    private static final MailboxName F1 = MailboxName.ofId("F1");

    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final PooledConnections connections =
            new PooledConnections(
                    Connectors.connector(),
                    PoolFixture.properties("max-connections-per-account=1"),
                    PoolFixture.SERVERS,
                    new InMemorySharedState(InstantSource.system()),
                    new LoginHashes(),
                    PoolFixture.located(),
                    new OwnChanges(),
                    new SimpleMeterRegistry());

    @BeforeEach
    void announce() {
        server.capabilities("IMAP4rev1", "OBJECTID", "LIST-EXTENDED", "LIST-STATUS");
    }

    @AfterEach
    void verify() {
        server.close();
    }

    @Test
    void aMailboxIsListedOnceAndThenOpenedWithoutAFurtherTrip() {
        listed("Work", "F1");
        opened("Work", "F1");

        var name = connections.locate(account(), F1);
        assertThat(name.wire()).isEqualTo("Work");
        open(name);
        assertThat(connections.locate(account(), F1)).isEqualTo(name);
        open(name);
    }

    @Test
    void aMailboxThatWasRenamedIsFoundByItsId() {
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        server.expect("EXAMINE \"Work\"").reply("NO [NONEXISTENT] no such mailbox");
        listed("Projects", "F1");
        opened("INBOX", "F0");
        opened("Projects", "F1");

        select(name).close();
        assertThat(connections.locate(account(), F1).wire()).isEqualTo("Projects");
    }

    @Test
    void aMailboxThatWasRenamedIsWaitedInByItsNewName() {
        server.capabilities("IMAP4rev1", "OBJECTID", "LIST-EXTENDED", "LIST-STATUS", "IDLE");
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        server.expect("EXAMINE \"Work\"").reply("NO [NONEXISTENT] no such mailbox");
        listed("Projects", "F1");
        opened("Projects", "F1");
        server.expect("IDLE").reply("+ idling");
        server.expect("DONE").reply("OK");
        var opened = new AtomicInteger();
        var wait =
                new IdleWait(
                        Duration.ofMinutes(1),
                        new IdleWait.Listener() {
                            @Override
                            public void opened() {
                                opened.incrementAndGet();
                            }

                            @Override
                            public void reported() {
                                throw new AssertionError("nothing was reported");
                            }
                        });
        wait.end();

        try (var connection = connections.borrow(account(), Lane.INTERACTIVE)) {
            connection.idle(name, wait);
        }

        assertThat(opened).hasValue(1);
    }

    @Test
    void aTaskThatLooksUpItsWorkByTheMailboxFindsItWhereThatWasRenamed() {
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        opened("Work", "F2");
        listed("Projects", "F1");
        opened("INBOX", "F0");
        opened("Projects", "F1");

        var outcomes =
                connections.each(account(), List.of(name), Access.READ_ONLY, SelectedMailbox::name);

        assertThat(outcomes.getFirst().mailbox()).isEqualTo(name);
        assertThat(outcomes.getFirst().orThrow()).isEqualTo(name);
    }

    @Test
    void aMailboxThatATokenReachesNoMoreUnderItsNewNameKeepsNoOthersFromTheirTasks() {
        server.expect(LIST)
                .reply(
                        "* LIST () \"/\" Work",
                        "* STATUS Work (MAILBOXID (F1))",
                        "* LIST () \"/\" Home",
                        "* STATUS Home (MAILBOXID (F2))",
                        "OK");
        var work = connections.locate(account(), F1);
        var home = connections.locate(account(), MailboxName.ofId("F2"));
        opened("Work", "F3");
        listed("Secret", "F1");
        opened("Home", "F2");
        var limited =
                account()
                        .limitedTo(
                                new TokenLimits(TokenLimits.NONE.scopes(), Set.of("Work", "Home")));

        var outcomes =
                connections.each(
                        limited, List.of(work, home), Access.READ_ONLY, SelectedMailbox::name);

        assertThatThrownBy(() -> outcomes.get(0).orThrow())
                .isInstanceOf(ImapException.OutOfScope.class);
        assertThat(outcomes.get(1).orThrow()).isEqualTo(home);
    }

    @Test
    void anotherMailboxOfTheSameNameIsNotOpened() {
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        opened("Work", "F2");
        listed("Work", "F2");

        assertThatThrownBy(() -> open(name)).isInstanceOf(ImapException.MailboxNotFound.class);
    }

    @Test
    void aSearchOfSeveralMailboxesFindsTheOneThatWasRenamed() {
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        opened("Work", "F2");
        server.expect("UID SEARCH UID 1:9").reply("* SEARCH 5", "OK");
        listed("Projects", "F1");
        opened("Projects", "F1");
        server.expect("UID SEARCH UID 1:9").reply("* SEARCH 7", "OK");

        var term = new SearchTerm.Uids(UidSet.range(1, 9));
        var outcome =
                connections.visit(account(), List.of(ExamineRequest.search(name, term))).getFirst();

        assertThat(outcome.mailbox()).isEqualTo(name);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        MailboxOutcome.Done.class,
                        done -> assertThat(outcome.orThrow().found()).isEqualTo(UidSet.of(7)));
    }

    @Test
    void aMailboxThatIsGoneDoesNotKeepOthersFromBeingSearched() {
        listed("Work", "F1");
        var name = connections.locate(account(), F1);
        opened("Work", "F1");
        server.expect("UID SEARCH UID 1:9").reply("* SEARCH 5", "OK");

        var term = new SearchTerm.Uids(UidSet.range(1, 9));
        var outcomes =
                connections.visit(
                        account(),
                        List.of(
                                ExamineRequest.search(MailboxName.ofId("F9"), term),
                                ExamineRequest.search(name, term)));

        assertThatThrownBy(() -> outcomes.get(0).orThrow())
                .isInstanceOf(ImapException.MailboxNotFound.class);
        assertThat(outcomes.get(1).orThrow().found()).isEqualTo(UidSet.of(5));
    }

    @Test
    void severalUnknownIdsCostOneList() {
        listed("Work", "F1");

        var located =
                connections.locate(
                        account(), Set.of(F1, MailboxName.ofId("F2"), MailboxName.ofId("F3")));

        assertThat(located.values()).filteredOn(MailboxName::located).hasSize(1);
    }

    @Test
    void idsThatSeveralMailboxesHaveIdentifyNone() {
        server.expect(LIST)
                .reply(
                        "* LIST () \"/\" Work",
                        "* STATUS Work (MAILBOXID (F1))",
                        "* LIST () \"/\" Other",
                        "* STATUS Other (MAILBOXID (F1))",
                        "* LIST () \"/\" Odd",
                        "* STATUS Odd (MAILBOXID (a/b))",
                        "* LIST () \"/\" Right",
                        "* STATUS Right (MAILBOXID (F2))",
                        "OK");

        var names = list(Set.of()).stream().map(ListedMailbox::name).toList();

        assertThat(names).extracting(MailboxName::id).containsExactly(null, null, null, "F2");
    }

    @Test
    @Quirk(
            server = "some",
            does = "announces OBJECTID and refuses STATUS MAILBOXID",
            answer = "mailboxes have their ids by their names, at once and for ten minutes")
    void aServerThatRefusesIdsHasMailboxesByName() {
        server.expect(LIST).reply("BAD Unknown item MAILBOXID");
        server.expect("LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN)")
                .reply("* LIST () \"/\" Work", "OK");

        assertThat(list(Set.of())).extracting(it -> it.name().id()).containsOnlyNulls();
    }

    @Test
    @Quirk(
            server = "Cyrus",
            does = "sends freed memory as MAILBOXID where STATUS asks for counters as well",
            answer = "the ids are asked for by a LIST of their own, in the same flush")
    void idsAreNotAskedForBesideCounters() {
        server.expect(
                        "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN UIDNEXT"
                                + " UIDVALIDITY))")
                .reply(
                        "* LIST () \"/\" Work",
                        "* STATUS Work (MESSAGES 3 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 7)",
                        "OK");
        listed("Work", "F1");

        var mailbox = list(Set.of(ListItem.COUNTS)).getFirst();

        assertThat(mailbox.name().id()).isEqualTo("F1");
        assertThat(mailbox.status()).isNotNull();
        assertThat(mailbox.status().messages()).isEqualTo(3);
    }

    @Test
    void aServerWithoutListStatusIsAskedForEachMailboxInOneFlush() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" Work", "* LIST () \"/\" B", "OK");
        server.expect("LSUB \"\" \"*\"").reply("OK");
        server.expect("STATUS \"Work\" (MAILBOXID)").reply("* STATUS Work (MAILBOXID (F1))", "OK");
        server.expect("STATUS \"B\" (MAILBOXID)").reply("* STATUS B (MAILBOXID (F2))", "OK");

        assertThat(list(Set.of())).extracting(it -> it.name().id()).containsExactly("F1", "F2");
    }

    @Test
    void aMailboxWhoseNameIsNotUnderstoodCostsTheOthersNoId() {
        server.capabilities("IMAP4rev1", "OBJECTID");
        for (int i = 0; i < 2; i++) {
            server.expect("LIST \"\" \"*\"")
                    .reply("* LIST () \"/\" Odd", "* LIST () \"/\" B", "OK");
            server.expect("LSUB \"\" \"*\"").reply("OK");
            server.expect("STATUS \"Odd\" (MAILBOXID)").reply("BAD invalid name");
            server.expect("STATUS \"B\" (MAILBOXID)").reply("* STATUS B (MAILBOXID (F2))", "OK");
        }

        for (int i = 0; i < 2; i++) {
            assertThat(list(Set.of())).extracting(it -> it.name().id()).containsExactly(null, "F2");
        }
    }

    private List<ListedMailbox> list(Set<ListItem> items) {
        try (var connection = connections.borrow(account(), Lane.INTERACTIVE)) {
            return connection.list(items);
        }
    }

    private void listed(String name, String id) {
        server.expect(LIST)
                .reply(
                        "* LIST () \"/\" " + name,
                        "* STATUS %s (MAILBOXID (%s))".formatted(name, id),
                        "OK");
    }

    private void opened(String name, String id) {
        server.expect("EXAMINE \"%s\"".formatted(name))
                .reply(
                        "* 1 EXISTS",
                        "* OK [UIDVALIDITY 1] x",
                        "* OK [UIDNEXT 9] x",
                        "* OK [MAILBOXID (%s)] x".formatted(id),
                        "OK [READ-ONLY] done");
    }

    private void open(MailboxName name) {
        select(name).close();
    }

    private SelectedMailbox select(MailboxName name) {
        return connections.select(account(), name, Access.READ_ONLY, Lane.INTERACTIVE);
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "ada",
                new Password("secret"));
    }
}
