package postern.submission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Scope;
import postern.account.Security;
import postern.account.TokenLimits;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;

/** Looks for the message that In-Reply-To names, on a scripted mail server. */
@OnGreenMail
class AnsweredMessagesTest {

    private static final String ID = "one@example.org";

    @Autowired private AnsweredMessages answered;
    private final ScriptedImapServer server = ScriptedImapServer.start();
    private final Account account = accountOn(server);

    private static Account accountOn(ScriptedImapServer server) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "anne",
                new Password("pw"));
    }

    private void hasMailboxes() {
        hasMailboxes(server);
    }

    private static void hasMailboxes(ScriptedImapServer server) {
        server.capabilities("IMAP4rev1", "LITERAL+", "UIDPLUS");
        server.expectMatching("LIST .*")
                .reply(
                        "* LIST () \"/\" INBOX",
                        "* LIST (\\Sent) \"/\" Sent",
                        "* LIST (\\Archive) \"/\" Old",
                        "* LIST () \"/\" Other",
                        "OK done");
        server.expectMatching("LSUB .*").reply("OK done");
    }

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    private @Nullable OriginalResult mark() {
        return answered.mark(account, ID);
    }

    private void searchNames(String uids) {
        server.expectMatching("UID SEARCH .*HEADER \"?Message-ID\"? \"?one@example.org\"?")
                .reply("* SEARCH" + uids, "OK done");
    }

    private void isMarked(int uid) {
        server.expectMatching("UID STORE %d \\+FLAGS.*Answered.*".formatted(uid)).reply("OK done");
        server.expectMatching("UID FETCH %d .*".formatted(uid))
                .reply("* %d FETCH (UID %d FLAGS (\\Answered))".formatted(uid - 3, uid), "OK done");
    }

    private static String message(int uid, String id) {
        return "* %d FETCH (UID %d ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL \"%s\"))"
                .formatted(uid - 3, uid, id);
    }

    @Test
    void marksTheOneInTheInboxAndLooksNoFurther() {
        hasMailboxes();
        searchNames(" 4 5 6");
        server.expectMatching("UID FETCH 4:6 .*")
                .reply(
                        message(4, "<ONE@example.org>"),
                        message(5, "<one@example.org>"),
                        message(6, "<twenty-one@example.org>"),
                        "OK done");
        isMarked(5);

        assertThat(mark()).isEqualTo(new OriginalResult(true, null));

        assertThat(selected()).containsExactly("SELECT \"INBOX\"");
    }

    private Iterable<String> selected() {
        return selected(server);
    }

    private static Iterable<String> selected(ScriptedImapServer server) {
        return server.commands().stream()
                .filter(it -> it.startsWith("SELECT") || it.startsWith("EXAMINE"))
                .toList();
    }

    @Test
    void whatIsNotInTheInboxIsLookedForInTheArchiveAndAmongSentMessages() {
        hasMailboxes();
        searchNames("");
        searchNames("");
        searchNames("");

        var result = mark();

        assertThat(result).isNotNull();
        assertThat(result.marked()).isFalse();
        assertThat(result.detail()).contains("not found");
        assertThat(selected())
                .containsExactly("SELECT \"INBOX\"", "SELECT \"Old\"", "SELECT \"Sent\"");
    }

    @Test
    void aMailboxThatCannotBeSearchedDoesNotHideTheNext() {
        hasMailboxes();
        server.expectMatching("UID SEARCH .*").reply("NO not here");
        searchNames(" 7");
        server.expectMatching("UID FETCH 7 .*").reply(message(7, "<one@example.org>"), "OK done");
        isMarked(7);

        assertThat(mark()).isEqualTo(new OriginalResult(true, null));
    }

    @Test
    void aRefusedMarkIsTold() {
        hasMailboxes();
        searchNames(" 7");
        server.expectMatching("UID FETCH 7 .*").reply(message(7, "<one@example.org>"), "OK done");
        server.expectMatching("UID STORE 7 .*").reply("NO [NOPERM] not yours");
        server.expectMatching("UID FETCH 7 .*").reply("* 4 FETCH (UID 7 FLAGS ())", "OK done");

        var result = mark();

        assertThat(result).isNotNull();
        assertThat(result.marked()).isFalse();
        assertThat(result.detail()).isNotEmpty();
    }

    /** A time that ends before the search has begun decides nothing. */
    @Test
    void aServerThatSearchesTooLongIsNotWaitedFor() {
        assertThat(Stream.of(300, 3_000, 20_000).map(Duration::ofMillis))
                .anyMatch(this::waitsNoLongerThan);
    }

    private boolean waitsNoLongerThan(Duration patience) {
        var slow = ScriptedImapServer.start();
        hasMailboxes(slow);
        slow.expectMatching("UID SEARCH .*").stall();
        try {
            var result = requireNonNull(answered.mark(accountOn(slow), ID, patience));
            assertThat(result.marked()).isFalse();
            assertThat(selected(slow)).hasSizeLessThan(2);
            return requireNonNull(result.detail()).contains("too long")
                    && slow.commands().stream().anyMatch(it -> it.startsWith("UID SEARCH"));
        } finally {
            slow.stop();
        }
    }

    @Test
    void onlyMailboxesOfTheTokenAreSearched() {
        hasMailboxes();
        searchNames("");

        var result = answered.mark(limited(Set.of(Scope.values()), Set.of("Sent")), ID);

        assertThat(result).isNotNull();
        assertThat(result.marked()).isFalse();
        assertThat(selected()).containsExactly("SELECT \"Sent\"");
    }

    @Test
    void aTokenThatMayNotReadOrNotMarkLooksForNothing() {
        assertThat(answered.mark(limited(Set.of(Scope.SEND, Scope.READ), null), ID)).isNull();
        assertThat(answered.mark(limited(Set.of(Scope.SEND, Scope.ORGANIZE), null), ID)).isNull();

        assertThat(server.connections()).isZero();
    }

    private Account limited(Set<Scope> scopes, @Nullable Set<String> mailboxes) {
        return account.limitedTo(new TokenLimits(scopes, mailboxes));
    }
}
