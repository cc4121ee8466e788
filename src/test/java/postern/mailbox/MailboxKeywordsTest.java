package postern.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** What one mailbox tells of its keywords. */
@OnGreenMail
class MailboxKeywordsTest {

    private static final String COUNTS = "* 2 EXISTS";
    private static final String VALID = "* OK [UIDVALIDITY 1] x";

    @Autowired private Mailboxes mailboxes;
    private final ScriptedImapServer server =
            ScriptedImapServer.start().capabilities("IMAP4rev1", "LITERAL+");

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void tellsTheKeywordsInUseAndWhetherOthersCanBeMade() {
        server.selected(
                COUNTS,
                VALID,
                "* FLAGS (\\Seen \\Flagged work $Forwarded)",
                "* OK [PERMANENTFLAGS (\\Seen \\Flagged work $Forwarded \\*)] x");

        var inbox = inbox();

        assertThat(inbox.keywords()).containsExactly("$Forwarded", "work");
        assertThat(inbox.mayCreateKeywords()).isTrue();
    }

    @Test
    void aServerWithAFixedSetOfKeywordsMakesNoOthers() {
        server.selected(
                COUNTS, VALID, "* FLAGS (\\Seen)", "* OK [PERMANENTFLAGS (\\Seen)] limited");

        var inbox = inbox();

        assertThat(inbox.keywords()).isEmpty();
        assertThat(inbox.mayCreateKeywords()).isFalse();
    }

    @Test
    void whatTheServerDoesNotSayIsAbsent() {
        server.selected(COUNTS, VALID);

        var inbox = inbox();

        assertThat(inbox.keywords()).isNull();
        assertThat(inbox.mayCreateKeywords()).isNull();
    }

    @Test
    void flagsThatCannotBeReadAreAbsentAndTheRestIsTold() {
        server.selected(COUNTS, VALID, "* FLAGS work");

        var inbox = inbox();

        assertThat(inbox.keywords()).isNull();
        assertThat(inbox.totalMessages()).isEqualTo(2);
    }

    @Test
    void aMailboxThatOpensForReadingAloneTakesNoKeywords() {
        listed();
        server.expect("SELECT \"INBOX\"")
                .reply(
                        COUNTS,
                        VALID,
                        "* FLAGS (work)",
                        "* OK [PERMANENTFLAGS ()] x",
                        "OK [READ-ONLY] done");

        var inbox = told();

        assertThat(inbox.keywords()).containsExactly("work");
        assertThat(inbox.mayCreateKeywords()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOPERM", "NONEXISTENT", "INUSE"})
    void aMailboxThatCannotBeOpenedIsToldWithoutThem(String code) {
        listed();
        server.expect("SELECT \"INBOX\"").reply("NO [%s] no".formatted(code));

        var inbox = told();

        assertThat(inbox.keywords()).isNull();
        assertThat(inbox.mayCreateKeywords()).isNull();
        assertThat(inbox.totalMessages()).isEqualTo(2);
    }

    private Mailbox inbox() {
        listed();
        return told();
    }

    private void listed() {
        server.expectMatching("LIST .*").reply("* LIST () \".\" INBOX", "OK");
        server.expectMatching("LSUB .*").reply("* LSUB () \".\" INBOX", "OK");
        server.expectMatching("STATUS .*").reply("* STATUS INBOX (MESSAGES 2 UNSEEN 1)", "OK");
    }

    private Mailbox told() {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "ada",
                        new Password("secret"));
        return mailboxes.get(account, MailboxId.of(MailboxName.INBOX));
    }
}
