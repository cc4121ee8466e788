package postern.login;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Password;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;

/**
 * Asks no mail server about a password when too many have been refused before: the mail server
 * would lock the account, or refuse the gateway and with it all users.
 */
@Component
final class GuardedConnector implements ImapConnector {

    private final ImapConnector connector;
    private final FailedLogins failures;
    private final long refusalTime;

    GuardedConnector(
            @Qualifier("angusConnector") ImapConnector connector,
            FailedLogins failures,
            LoginProperties properties) {
        this.connector = connector;
        this.failures = failures;
        this.refusalTime = properties.refusalTime().toNanos();
    }

    @Override
    public PoolableConnection connect(Account account) {
        if (!(account.credential() instanceof Password)) {
            return connector.connect(account);
        }
        return failures.proven(account) ? logIn(account) : logInWithinBudget(account);
    }

    private PoolableConnection logInWithinBudget(Account account) {
        var budget = failures.ofAccount(account);
        var taken = budget.tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            throw new ImapException.TooManyLogins(
                    Duration.ofNanos(taken.getNanosToWaitForRefill()));
        }
        boolean guessed = false;
        try {
            return attempt(account);
        } catch (ImapException.AuthenticationFailed e) {
            guessed = failures.refused(account);
            throw e;
        } finally {
            if (!guessed) {
                budget.addTokens(1);
            }
        }
    }

    private PoolableConnection logIn(Account account) {
        try {
            return attempt(account);
        } catch (ImapException.AuthenticationFailed e) {
            failures.refused(account);
            throw e;
        }
    }

    private PoolableConnection attempt(Account account) {
        long started = System.nanoTime();
        try {
            var connection = connector.connect(account);
            failures.accepted(account);
            return connection;
        } catch (ImapException.AuthenticationFailed e) {
            waitForRefusal(System.nanoTime() - started);
            throw e;
        }
    }

    private void waitForRefusal(long passed) {
        if (refusalTime == 0) {
            return;
        }
        try {
            Thread.sleep(Duration.ofNanos(refusalTime - passed % refusalTime));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
