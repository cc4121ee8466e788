package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.ScriptedImapServer;
import postern.testserver.SomeAccount;
import postern.web.OnGreenMail;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Drafts that are not where they were, at a server whose mailbox alone holds their claims. */
@OnGreenMail
class SentDraftsTest {

    @Autowired private ImapConnections connections;
    private final SharedState shared = new InMemorySharedState(InstantSource.system());
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aDraftThatWasSentIsKnownByAllReplicasThatShareAState() {
        server.capabilities("IMAP4rev1", "CONDSTORE");
        server.selected(
                "* 10 EXISTS",
                "* OK [PERMANENTFLAGS (\\Seen \\Draft \\*)] x",
                "* OK [UIDVALIDITY 1] x",
                "* OK [HIGHESTMODSEQ 41] x");
        looks("\\Draft");
        stores("(UNCHANGEDSINCE 9) +FLAGS.SILENT ($SubmitPending)");
        looks("\\Draft $SubmitPending");
        stores("+FLAGS.SILENT ($Submitted \\Seen)");
        looks("\\Draft $SubmitPending $Submitted \\Seen");
        stores("-FLAGS.SILENT ($SubmitPending \\Draft)");
        looks("$Submitted \\Seen");
        var claims = new DraftClaims(connections, shared);
        var claim = claims.take(account(), draft(), null);
        assertThat(notFound(shared)).isInstanceOf(ImapException.MessageNotFound.class);

        claims.settle(claim);

        assertThat(notFound(shared))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        it -> assertThat(it.code()).isEqualTo(ProblemCode.ALREADY_SENT));
        assertThat(notFound(new InMemorySharedState(InstantSource.system())))
                .isInstanceOf(ImapException.MessageNotFound.class);
    }

    private void looks(String flags) {
        server.expect("UID FETCH 3 (UID FLAGS MODSEQ)")
                .reply("* 3 FETCH (UID 3 FLAGS (%s) MODSEQ (9))".formatted(flags), "OK");
    }

    private void stores(String change) {
        server.expect("UID STORE 3 " + change).reply("OK");
    }

    private RuntimeException notFound(SharedState state) {
        var claims = new DraftClaims(connections, state);
        return catchRuntimeException(() ->
                claims.ifThere(
                        account(),
                        draft(),
                        () -> {
                            throw new ImapException.MessageNotFound();
                        }));
    }

    private Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                "u",
                new Password("p"));
    }

    private static MessageRef draft() {
        return SomeAccount.message(MailboxName.INBOX, 1, 3);
    }
}
