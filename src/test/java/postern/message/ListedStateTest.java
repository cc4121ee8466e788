package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;

/** What a list shows that is asked for with the state of the mailbox. */
@OnGreenMail
@Timeout(60)
class ListedStateTest {

    private static final String REST =
            " INTERNALDATE \"01-Mar-2026 00:00:00 +0000\" RFC822.SIZE 9"
                    + " BODYSTRUCTURE (\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0))";

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens tokens;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    /**
     * If it were listed, and then removed, {@code listChanges} would never tell that it is gone.
     */
    @Test
    void aMessageThatComesAfterTheStateIsNoRow() throws Exception {
        server.capabilities("IMAP4rev1", "ENABLE", "CONDSTORE", "QRESYNC");
        server.selected(
                "* 2 EXISTS",
                "* OK [UIDVALIDITY 1] x",
                "* OK [UIDNEXT 3] x",
                "* OK [HIGHESTMODSEQ 41] x");
        server.expect("FETCH 1,* (UID MODSEQ)")
                .reply("* 1 FETCH (UID 1 MODSEQ (30))", "* 2 FETCH (UID 2 MODSEQ (41))", "OK");
        server.expect("NOOP").reply("* 3 EXISTS", "OK");
        server.expectMatching("FETCH .*").reply(row(1), row(2), row(3), "OK");
        var imap = new ImapServer(server.host(), server.port(), Security.NONE);
        var account = new Account(imap, "ada", new Password("secret"));

        var answer =
                http.get()
                        .uri("/v1/mailboxes/inbox/messages?fields=id&withState=true")
                        .header(
                                HttpHeaders.AUTHORIZATION,
                                "Bearer " + tokens.seal(tokens.start(account)))
                        .exchange();

        assertThat(answer).hasStatusOk();
        assertThat(answer).bodyJson().extractingPath("$.items[*].order").asArray().hasSize(2);
        server.verify();
    }

    private static String row(int uid) {
        return "* %d FETCH (UID %d FLAGS () MODSEQ (%d)".formatted(uid, uid, 30 + uid) + REST;
    }
}
