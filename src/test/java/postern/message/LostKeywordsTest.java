package postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.message.change.IfMatch;
import postern.message.change.MessageChanges;
import postern.message.change.MessagePatch;
import postern.message.change.MessageState;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;

/** Keywords that were stored conditionally and are missing afterwards. */
@OnGreenMail
class LostKeywordsTest {

    private static final String LOOK = "UID FETCH 3 (UID FLAGS MODSEQ)";

    @Autowired private MessageChanges changes;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anotherClientHasTakenThemAway() {
        stored();
        server.expect(LOOK).reply(flags(11, ""), "OK");

        assertThatThrownBy(this::setRed).isInstanceOf(ImapException.MessageModified.class);
    }

    @Test
    void anotherClientHasRemovedTheMessage() {
        stored();
        server.expect(LOOK).reply("OK");

        assertThatThrownBy(this::setRed).isInstanceOf(ImapException.MessageNotFound.class);
    }

    @Test
    void theMailboxDoesNotKeepThem() {
        server.selected(
                "* 10 EXISTS",
                "* OK [PERMANENTFLAGS (\\Seen)] x",
                "* OK [UIDVALIDITY 1] x",
                "* OK [HIGHESTMODSEQ 41] x");
        stored();
        server.expect(LOOK).reply(flags(10, ""), "OK");

        assertThatThrownBy(this::setRed).isInstanceOf(ImapException.NotPossible.class);
    }

    @Test
    void theyAreThereAtTheSecondLook() {
        stored();
        server.expect(LOOK).reply(flags(11, "red"), "OK");

        assertThat(setRed().keywords()).isNotNull();
    }

    private void stored() {
        server.expect("UID STORE 3 (UNCHANGEDSINCE 9) +FLAGS.SILENT (red)").reply("OK");
        server.expect(LOOK).reply(flags(10, ""), "OK");
    }

    private static String flags(int modSeq, String flags) {
        return "* 3 FETCH (UID 3 FLAGS (%s) MODSEQ (%d))".formatted(flags, modSeq);
    }

    private MessageState setRed() {
        Map<String, @Nullable Boolean> red = new LinkedHashMap<>(Map.of("red", true));
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "u",
                        new Password("p"));
        return changes.update(
                account,
                SomeAccount.message(MailboxName.INBOX, 1, 3),
                new MessagePatch(red, null),
                IfMatch.parse("\"m9\""));
    }
}
