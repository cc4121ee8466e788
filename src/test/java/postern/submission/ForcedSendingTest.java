package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.MessageRef;
import postern.shared.InMemorySharedState;
import postern.shared.SharedState;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Replicas that share a state, at a mail server without CONDSTORE. */
@OnGreenMail
class ForcedSendingTest {

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;

    private final SharedState shared = new InMemorySharedState(InstantSource.system());
    private Account account;
    private MessageRef draft;

    @BeforeEach
    void aDraft() {
        var api = new SendingApi(http);
        var server = InMemoryServer.GREENMAIL;
        account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        api.user,
                        new Password(server.password()));
        draft = MessageId.parse(api.draft("{'subject': 'one'}")).ref();
    }

    private DraftClaims replica() {
        return new DraftClaims(connections, shared);
    }

    private DraftClaims.Looked look(DraftClaims replica) {
        return replica.requireUnsent(account, draft, true, true);
    }

    private void refused(DraftClaims replica, DraftClaims.Looked looked) {
        assertThatThrownBy(() -> replica.take(account, draft, looked))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        it -> assertThat(it.code()).isEqualTo(ProblemCode.SUBMISSION_UNKNOWN));
    }

    @Test
    void aClaimWhoseSendingHasEndedIsReplacedOnce() {
        var first = replica();
        first.end(first.take(account, draft, null));
        var second = replica();
        var third = replica();
        var lookedSecond = look(second);
        var lookedThird = look(third);

        var claim = second.take(account, draft, lookedSecond);
        refused(third, lookedThird);
        second.end(claim);

        refused(third, lookedThird);
        third.take(account, draft, look(third));
    }

    @Test
    void aClaimUnderWhichAMessageIsBeingSentIsNotReplaced() {
        var first = replica();
        var claim = first.take(account, draft, null);
        var second = replica();
        refused(second, look(second));

        first.end(claim);

        second.take(account, draft, look(second));
    }

    @Test
    void aDraftThatWasNotSentIsFree() {
        var first = replica();
        var claim = first.take(account, draft, null);
        assertThat(first.release(claim)).isTrue();
        first.end(claim);

        replica().take(account, draft, null);
    }

    /** The user has said meanwhile that another program has sent it. */
    @Test
    void aReleasedClaimDoesNotTakeAwayThatTheDraftIsMarkedAsSent() {
        var first = replica();
        var claim = first.take(account, draft, null);
        replica().declareSent(account, draft, true);

        first.release(claim);
        first.end(claim);

        assertThat(replica().standing(account, draft, Set.of()))
                .as("what the shared state alone tells")
                .isEqualTo(DraftClaims.Standing.SUBMITTED);
    }

    @Test
    void aDraftThatWasSentIsNot() {
        var first = replica();
        var claim = first.take(account, draft, null);
        first.settle(claim);
        first.end(claim);

        assertThatThrownBy(() -> look(replica()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        it -> assertThat(it.code()).isEqualTo(ProblemCode.ALREADY_SENT));
    }
}
