package postern.events;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Scope;
import postern.account.Security;
import postern.account.TokenLimits;
import postern.deadline.Deadlines;
import postern.imap.MailboxName;
import postern.imap.watch.RenamedMailbox;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** What is told of a whole account, by mail servers with different extensions. */
@OnGreenMail
@Timeout(120)
class AccountTellerTest {

    private static final String COUNTS =
            "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
                    + " HIGHESTMODSEQ))";
    private static final String INBOX = MailboxId.of(MailboxName.INBOX).text();
    private static final String WORK = MailboxId.of(MailboxName.of("Work")).text();
    private static final MailboxName F1 = MailboxName.of("Work").withId("F1");

    @Autowired private EventStreams streams;
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final Deadlines deadlines = new Deadlines("test");
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @AfterEach
    void stop() {
        deadlines.close();
        server.close();
    }

    /** CONDSTORE without QRESYNC, as Gmail. */
    @Test
    void oneListTellsWhatBecameOfTheMailboxes() throws IOException {
        condStore();
        lists("INBOX 5", "Work 5", "Old 1");
        var teller = begun();
        lists("INBOX 5", "Work 6", "New 1");

        assertThat(told(teller))
                .containsExactly(
                        "mailbox.removed {\"mailboxId\":\"%s\"}".formatted(id("Old")),
                        "mailbox.created {\"mailboxId\":\"%s\",\"path\":\"New\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(id("New")),
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(WORK));
        lists("INBOX 5", "Work 6", "New 1");
        assertThat(told(teller)).isEmpty();
    }

    @Test
    void aHintOfOneMailboxIsLookedAtAlone() throws IOException {
        condStore();
        lists("INBOX 5", "Work 5");
        var teller = begun();
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ)")
                .reply(status("Work", 6), "OK");

        assertThat(told(teller, MailboxName.of("Work")))
                .containsExactly(
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(WORK));
    }

    /** Neither CONDSTORE nor LIST-STATUS nor ESEARCH, as Exchange: keywords change no counter. */
    @Test
    void aHintIsStillKnownAfterAFailureOfTheMailServer() throws Exception {
        withoutModSequences("INBOX", "Work");
        var teller = begun();
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply("NO [UNAVAILABLE] try later");
        assertThat(told(teller, MailboxName.of("Work"))).isEmpty();
        withoutModSequences("INBOX", "Work");

        teller.marks().await(Duration.ofSeconds(20));
        var due = requireNonNull(teller.marks().take()).key();

        assertThat(told(teller, due))
                .containsExactly(
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(WORK));
    }

    private void withoutModSequences(String... statuses) {
        server.capabilities("IMAP4rev1 IDLE");
        server.expect("LIST \"\" \"*\"")
                .reply("* LIST () \"/\" INBOX", "* LIST () \"/\" Work", "OK");
        server.expect("LSUB \"\" \"*\"").reply("OK");
        for (var name : statuses) {
            server.expect("STATUS \"%s\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)".formatted(name))
                    .reply(
                            "* STATUS %s (MESSAGES 2 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 1)"
                                    .formatted(name),
                            "OK");
        }
    }

    @Test
    void withoutModSequencesAHintIsTold() throws IOException {
        withoutModSequences("INBOX", "Work", "Work");
        var teller = begun();

        assertThat(told(teller, MailboxName.of("Work")))
                .containsExactly(
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(WORK));
    }

    /** No counter shows whether keywords changed meanwhile. */
    @Test
    void withoutModSequencesAResumedStreamTellsEachMailboxThatHasMessages() throws IOException {
        withoutModSequences("INBOX", "Work");
        var id = requireNonNull(begun().id()).text();
        var again = new AccountTeller(streams, account());
        again.resume(id);
        again.begin(true);
        withoutModSequences("INBOX");
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply("* STATUS Work (MESSAGES 0 UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1)", "OK");

        assertThat(told(again)).hasSize(2);

        var empty = requireNonNull(again.id()).text();
        var third = new AccountTeller(streams, account());
        third.resume(empty);
        third.begin(true);
        withoutModSequences("INBOX");
        server.expect("STATUS \"Work\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
                .reply("* STATUS Work (MESSAGES 0 UNSEEN 0 UIDNEXT 9 UIDVALIDITY 1)", "OK");
        assertThat(told(third)).singleElement().asString().contains(INBOX);
    }

    @Test
    void withoutModSequencesAResumedStreamOfManyMailboxesTellsEachOfThem() throws IOException {
        var names = IntStream.range(0, 60).mapToObj("box%02d"::formatted).toList();
        condStore();
        listsWithoutModSequences(names);
        var again = new AccountTeller(streams, account());
        again.resume(requireNonNull(begun().id()).text());
        again.begin(true);
        listsWithoutModSequences(names);

        assertThat(told(again)).hasSize(60).allMatch(it -> it.contains("mailbox.changed"));
    }

    /** As after a restart of the mail server, while the stream stayed open. */
    @Test
    void withoutModSequencesAGapInTheReportsIsToldOfEachMailbox() throws IOException {
        condStore();
        listsWithoutModSequences(List.of("INBOX", "Work"));
        var teller = begun();
        listsWithoutModSequences(List.of("INBOX", "Work"));
        assertThat(told(teller)).isEmpty();
        teller.hints().anythingMayHaveChanged();
        listsWithoutModSequences(List.of("INBOX", "Work"));

        assertThat(told(teller)).hasSize(2);
    }

    /** As where a server with CONDSTORE says so of each mailbox (RFC 7162 §3.1.2.2). */
    private void listsWithoutModSequences(List<String> names) {
        lists(names.stream().map(name -> name + " 0").toArray(String[]::new));
    }

    @Test
    void aRenamedMailboxKeepsItsIdWhereTheServerHasIds() throws IOException {
        server.capabilities("IMAP4rev1 OBJECTID CONDSTORE LIST-EXTENDED LIST-STATUS");
        listsId("Work");
        var teller = begun();
        listsId("Projects");

        var id = MailboxId.of(F1).text();
        assertThat(told(teller))
                .containsExactly(
                        "id mailbox.renamed {\"previousId\":\"%s\",\"id\":\"%s\",\"path\":\"Projects\"}"
                                .formatted(id, id));
    }

    /** Which the mail server tells by NOTIFY, or this process has done. */
    @Test
    void aRenameThatIsKnownIsToldWhereTheServerHasNoIds() throws IOException {
        condStore();
        lists("INBOX 5", "Work 5", "Work/A 5", "Workers 1");
        var teller = begun();
        teller.hints()
                .mailboxesMayHaveChanged(
                        new RenamedMailbox(MailboxName.of("Work"), MailboxName.of("Projects")));
        lists("INBOX 5", "Projects 5", "Projects/A 5", "Workers 1");

        assertThat(told(teller).stream().map(it -> it.replaceFirst("^id ", "")))
                .containsExactlyInAnyOrder(
                        renamed("Work", "Projects"), renamed("Work/A", "Projects/A"));
    }

    private static String renamed(String from, String to) {
        return "mailbox.renamed {\"previousId\":\"%s\",\"id\":\"%s\",\"path\":\"%s\"}"
                .formatted(id(from), id(to), to);
    }

    /** It was there for a moment, in which an app has listed the mailboxes. */
    @Test
    void aMailboxThatAnAppHasSeenIsToldAsRemovedThoughItWasNeverTold() throws IOException {
        condStore();
        lists("INBOX 5");
        var teller = begun();
        teller.hints().seen(MailboxName.of("Short"));
        teller.hints().seen(MailboxName.of("New"));
        lists("INBOX 5", "New 1");

        assertThat(told(teller))
                .containsExactly(
                        "mailbox.removed {\"mailboxId\":\"%s\"}".formatted(id("Short")),
                        "id mailbox.created {\"mailboxId\":\"%s\",\"path\":\"New\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(id("New")));
    }

    /**
     * Also a look of this stream, or of another one, is a list in which an app may have seen it.
     */
    @Test
    void aMailboxThatWasToldAlreadyNeedsNoLookWhenItIsSeenAgain() throws IOException {
        condStore();
        lists("INBOX 5");
        var teller = begun();
        teller.hints().seen(MailboxName.INBOX);
        assertThat(teller.marks().take()).isNull();

        teller.hints().seen(MailboxName.of("New"));
        assertThat(teller.marks().take()).isNotNull();
        lists("INBOX 5", "New 1");
        assertThat(told(teller)).hasSize(1);
        teller.hints().seen(MailboxName.of("New"));
        assertThat(teller.marks().take()).isNull();
    }

    /** To the same replica or another one: the id is all that is known. */
    @Test
    void whatHappenedMeanwhileIsToldAfterTheId() throws IOException {
        condStore();
        lists("INBOX 5", "Work 5");
        var id = requireNonNull(begun().id()).text();
        var again = new AccountTeller(streams, account());
        again.resume(id);
        again.begin(true);
        lists("INBOX 5", "Work 6", "New 1");

        assertThat(told(again))
                .containsExactly(
                        "mailbox.created {\"mailboxId\":\"%s\",\"path\":\"New\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(id("New")),
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(WORK));
    }

    /** The id does not contain the names of mailboxes. */
    @Test
    void aMailboxThatIsGoneMeanwhileIsForTheClientToFind() throws IOException {
        condStore();
        lists("INBOX 5", "Work 5");
        var id = requireNonNull(begun().id()).text();
        for (var resumed : List.of(id, "12", "not an id")) {
            var again = new AccountTeller(streams, account());
            again.resume(resumed);
            again.begin(true);
            lists("INBOX 5");
            assertThat(told(again)).containsExactly("resync {}");
        }
    }

    @Test
    void anIdOfAnotherAccountKnowsNothing() throws IOException {
        condStore();
        lists("INBOX 5");
        var id = requireNonNull(begun().id()).text();
        var other = new AccountTeller(streams, account("bert"));
        other.resume(id);
        other.begin(true);
        lists("INBOX 5");

        assertThat(told(other)).containsExactly("resync {}");
    }

    @Test
    void theIdIsShortAndLosesNothingHoweverManyMailboxesThereAre() throws IOException {
        condStore();
        for (int count : new int[] {1, 49, 50, 1_000}) {
            var all = IntStream.range(0, count).mapToObj("box%d 5"::formatted).toList();
            lists(all.toArray(String[]::new));
            var id = requireNonNull(begun().id()).text();
            assertThat(id).hasSizeLessThan(1024);
            var changed = new ArrayList<>(all);
            changed.set(count / 2, "box%d 6".formatted(count / 2));
            var again = new AccountTeller(streams, account());
            again.resume(id);
            again.begin(true);
            lists(changed.toArray(String[]::new));

            var told = told(again);

            assertThat(told).anyMatch(it -> it.contains(id("box" + count / 2)));
            assertThat(told).allMatch(it -> it.contains("mailbox.changed")).hasSizeLessThan(30);
            assertThat(told.subList(0, told.size() - 1)).noneMatch(it -> it.startsWith("id "));
            assertThat(told.getLast()).startsWith("id ");

            var resumed = new AccountTeller(streams, account());
            resumed.resume(id);
            resumed.begin(true);
            changed.set(0, "other 5");
            lists(changed.toArray(String[]::new));
            assertThat(told(resumed)).containsExactly("resync {}");
        }
    }

    @Test
    void aNarrowedTokenIsToldOfItsMailboxesAlone() throws IOException {
        condStore();
        var limits = new TokenLimits(Set.of(Scope.READ), Set.of("INBOX"));
        var teller = new AccountTeller(streams, account().limitedTo(limits));
        lists("INBOX 5", "Work 5");
        teller.begin(false);
        lists("INBOX 6", "Work 6", "New 1");

        assertThat(told(teller))
                .containsExactly(
                        "id mailbox.changed {\"mailboxId\":\"%s\",\"totalMessages\":2,\"unreadMessages\":1}"
                                .formatted(INBOX));
    }

    /** So that an app that keeps no copy can ask later what came after. */
    @Test
    void aServerThatRemembersGivesAState() throws IOException {
        server.capabilities("IMAP4rev1 ENABLE CONDSTORE QRESYNC LIST-EXTENDED LIST-STATUS");
        server.selected(
                "* 0 EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT 9] x",
                "* OK [HIGHESTMODSEQ 6] x");
        lists("INBOX 5");
        var teller = begun();
        lists("INBOX 6");
        server.expectMatching("FETCH 1,.*").reply("BAD no such message");

        assertThat(told(teller)).singleElement().asString().contains("\"state\":\"");
    }

    private AccountTeller begun() {
        var teller = new AccountTeller(streams, account());
        teller.begin(false);
        return teller;
    }

    private void condStore() {
        server.capabilities("IMAP4rev1 CONDSTORE LIST-EXTENDED LIST-STATUS");
    }

    /** Each is a name and its mod-sequence. */
    private void lists(String... mailboxes) {
        var lines = new ArrayList<String>();
        for (var mailbox : mailboxes) {
            var words = mailbox.split(" ");
            lines.add("* LIST () \"/\" " + words[0]);
            lines.add(status(words[0], Integer.parseInt(words[1])));
        }
        lines.add("OK");
        server.expect(COUNTS).reply(lines.toArray(String[]::new));
    }

    private void listsId(String name) {
        server.expect(COUNTS).reply("* LIST () \"/\" " + name, status(name, 5), "OK");
        server.expect("LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN STATUS (MAILBOXID))")
                .reply("* LIST () \"/\" " + name, "* STATUS " + name + " (MAILBOXID (F1))", "OK");
    }

    private static String status(String name, int modSeq) {
        return "* STATUS %s (MESSAGES 2 UNSEEN 1 UIDNEXT 9 UIDVALIDITY 1 HIGHESTMODSEQ %d)"
                .formatted(name, modSeq);
    }

    private List<String> told(AccountTeller teller) throws IOException {
        return told(teller, AccountTeller.Mark.EVERYTHING);
    }

    private List<String> told(AccountTeller teller, MailboxName hinted) throws IOException {
        return told(teller, AccountTeller.Mark.of(hinted));
    }

    /** Each event in a line, which begins with "id" where it has one. */
    private List<String> told(AccountTeller teller, AccountTeller.Mark hinted) throws IOException {
        int before = response.getContentAsString().length();
        var async = new MockAsyncContext(new MockHttpServletRequest(), response);
        var output =
                new EventOutput(
                        async,
                        response.getOutputStream(),
                        deadlines,
                        Duration.ofSeconds(30),
                        () -> {});
        teller.tell(hinted, output);
        var told = new ArrayList<String>();
        for (var block : response.getContentAsString().substring(before).split("\n\n")) {
            if (!block.isEmpty()) {
                var type = block.lines().findFirst().orElseThrow().substring("event: ".length());
                var data = block.substring(block.indexOf("data: ") + "data: ".length());
                told.add((block.contains("\nid: ") ? "id " : "") + type + " " + data);
            }
        }
        return told;
    }

    private static String id(String name) {
        return MailboxId.of(MailboxName.of(name)).text();
    }

    private Account account() {
        return account("anna");
    }

    private Account account(String user) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                user,
                new Password("secret"));
    }
}
