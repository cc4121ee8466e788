package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;

/** Drafts at a server that announces CONDSTORE and does not know UNCHANGEDSINCE. */
@OnGreenMail
class UnconditionalClaimsTest {

    @Autowired private ImapConnections connections;
    private final SharedState shared = new InMemorySharedState(InstantSource.system());
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    /** Otherwise two replicas could both find the draft free, and send it. */
    @Test
    void theSharedStateDecidesWhichReplicaWins() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.selected(
                "* 10 EXISTS",
                "* OK [PERMANENTFLAGS (\\Seen \\Draft \\*)] x",
                "* OK [UIDVALIDITY 1] x",
                "* OK [HIGHESTMODSEQ 41] x");
        looks(3, "");
        server.expect("UID STORE 3 (UNCHANGEDSINCE 9) +FLAGS.SILENT ($SubmitPending)")
                .reply("BAD what");
        looks(3, "");
        looks(3, "");
        stores(3);
        looks(4, "");
        stores(4);
        var claims = new DraftClaims(connections, shared);
        claims.take(account(), draft(3), null);

        claims.take(account(), draft(4), null);

        assertThat(claims.standing(account(), draft(4), Set.of()))
                .isEqualTo(DraftClaims.Standing.CLAIMED);
    }

    private void looks(int uid, String flags) {
        server.expect("UID FETCH %d (UID FLAGS MODSEQ)".formatted(uid))
                .reply(
                        "* %1$d FETCH (UID %1$d FLAGS (%2$s) MODSEQ (9))".formatted(uid, flags),
                        "OK");
    }

    private void stores(int uid) {
        server.expect("UID STORE %d +FLAGS.SILENT ($SubmitPending)".formatted(uid)).reply("OK");
        looks(uid, "$SubmitPending");
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "u",
                new Password("p"));
    }

    private static MessageRef draft(int uid) {
        return SomeAccount.message(MailboxName.INBOX, 1, uid);
    }
}
