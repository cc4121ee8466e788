package postern.imap.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.imap.pool.PoolFixture.ANNA;
import static postern.imap.pool.PoolFixture.until;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.OAuthGrant;
import postern.account.Password;
import postern.imap.ImapException.AccessTokenRefused;
import postern.imap.ImapException.ServerUnavailable;
import postern.imap.ImapException.SignInEnded;

/** Connections of access tokens, which end, are refused and are replaced. */
@Timeout(20)
class AccessTokensTest {

    private static final AccessToken FIRST = AccessToken.of("first", null);
    private static final Account OLD = ANNA.with(FIRST);
    private static final Account NEW = ANNA.with(FIRST.replacedBy("second", null));
    private static final Account OTHER = ANNA.with(AccessToken.of("other", null));

    private final PoolFixture pool = new PoolFixture();

    @Test
    void aRefusedTokenIsNotTriedAgainForSomeMinutes() {
        refuse();
        assertRefused(OLD);

        assertRefused(OLD);
        assertThatThrownBy(() -> pool.connections.logIn(OLD))
                .isInstanceOf(AccessTokenRefused.class)
                .hasMessage("refused (401)");
        assertThat(pool.server.attempted()).isEqualTo(1);

        pool.pass(Duration.ofMinutes(6));
        pool.borrow(OLD).close();
    }

    @Test
    void anotherTokenAndAnotherUserAreTried() {
        refuse();
        assertRefused(OLD);

        pool.borrow(NEW).close();
        pool.borrow(new Account(OLD.server(), "bert", OLD.credential())).close();
        pool.borrow(new Account(OLD.server(), "anna", OLD.credential(), "carl")).close();
        assertThat(pool.server.opened()).hasSize(3);
    }

    @Test
    void aServerThatIsAwayHasRefusedNothing() {
        pool.server.refuse(() -> new ServerUnavailable(Duration.ofSeconds(1), null));
        assertThatThrownBy(() -> pool.borrow(OLD)).isInstanceOf(ServerUnavailable.class);

        pool.borrow(OLD).close();
    }

    @Test
    void anExpiredTokenOpensNothingNotEvenWhatIsOpen() {
        var account = ANNA.with(AccessToken.of("first", inAMinute()));
        pool.borrow(account).close();

        pool.pass(Duration.ofMinutes(1));

        assertRefused(account);
        assertThatThrownBy(() -> pool.connections.logIn(account))
                .isInstanceOf(AccessTokenRefused.class);
        assertThat(pool.server.attempted()).isEqualTo(1);
    }

    @Test
    void theNextTokenOfTheSessionUsesTheConnectionsOfTheOneBefore() {
        pool.borrow(OLD).close();

        pool.borrow(NEW).close();

        assertThat(pool.server.opened()).hasSize(1);
        assertThat(pool.count(PoolEntry.State.IDLE)).isEqualTo(1);
    }

    @Test
    void noOtherCredentialUsesThem() {
        pool.borrow(OLD).close();

        pool.borrow(OTHER).close();
        pool.borrow(ANNA.with(new Password("first"))).close();
        pool.borrow(ANNA.with(new Password(FIRST.family()))).close();
        pool.borrow(new Account(OLD.server(), "anna", OLD.credential(), "carl")).close();

        assertThat(pool.server.opened()).hasSize(5);
    }

    @Test
    void aRefusedTokenEndsOnlyTheConnectionsThatItOpened() {
        pool.borrow(OLD).close();
        pool.connections.logIn(NEW);
        refuse();

        assertThatThrownBy(() -> pool.connections.logIn(NEW))
                .isInstanceOf(AccessTokenRefused.class);

        until(() -> !pool.connection(1).open());
        assertThat(pool.connection(0).open()).isTrue();
        pool.borrow(OLD).close();
        assertThat(pool.server.opened()).hasSize(2);
    }

    @Test
    void theEndOfASessionEndsTheConnectionsOfAllItsTokens() {
        pool.borrow(OLD).close();
        pool.connections.logIn(NEW);
        pool.connections.logIn(OTHER);

        pool.connections.retire(NEW);

        until(() -> !pool.connection(0).open() && !pool.connection(1).open());
        assertThat(pool.connection(2).open()).isTrue();
    }

    @Test
    void theEndOfASignInEndsTheConnectionsOfAllItsTokens() {
        var grant = OAuthGrant.random();
        pool.connections.logIn(ANNA.with(AccessToken.of(grant, "first", null)));
        pool.connections.logIn(ANNA.with(grant));
        pool.connections.logIn(OTHER);
        pool.server.refuse(SignInEnded::new);

        assertThatThrownBy(() -> pool.connections.logIn(ANNA.with(grant)))
                .isInstanceOf(SignInEnded.class);

        until(() -> !pool.connection(0).open() && !pool.connection(1).open());
        assertThat(pool.connection(2).open()).isTrue();
    }

    @Test
    void theTokensOfAGrantShareItsConnections() {
        var grant = OAuthGrant.random();
        pool.connections.logIn(ANNA.with(AccessToken.of(grant, "first", null)));

        pool.borrow(ANNA.with(grant)).close();
        pool.borrow(ANNA.with(OAuthGrant.random())).close();

        assertThat(pool.server.opened()).hasSize(2);
    }

    private void refuse() {
        pool.server.refuse(() -> new AccessTokenRefused("refused (401)", null));
    }

    private void assertRefused(Account account) {
        assertThatThrownBy(() -> pool.borrow(account)).isInstanceOf(AccessTokenRefused.class);
    }

    private Instant inAMinute() {
        return Instant.ofEpochMilli(pool.clock.wallTime()).plusSeconds(60);
    }
}
