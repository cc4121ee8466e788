package postern.login;

import java.time.Duration;
import java.util.function.Supplier;
import postern.account.Account;
import postern.imap.ImapException;

/**
 * Tries passwords within the budget of their account, and hides how long the server took to refuse
 * one.
 */
final class BudgetedLogins {

    private final FailedLogins failures;
    private final long refusalTime;

    BudgetedLogins(FailedLogins failures, LoginProperties properties) {
        this.failures = failures;
        this.refusalTime = properties.refusalTime().toNanos();
    }

    /**
     * Throws ImapException.TooManyLogins, without a login, where too many have failed.
     *
     * @param refusal what the login throws when the password is refused
     */
    <T> T logIn(Account account, Supplier<T> login, Class<? extends RuntimeException> refusal) {
        if (!failures.proven(account)) {
            return logInWithinBudget(account, login, refusal);
        }
        try {
            return attempt(account, login, refusal);
        } catch (RuntimeException e) {
            if (refusal.isInstance(e)) {
                failures.refused(account);
            }
            throw e;
        }
    }

    private <T> T logInWithinBudget(
            Account account, Supplier<T> login, Class<? extends RuntimeException> refusal) {
        var budget = failures.ofAccount(account);
        var taken = budget.take();
        if (!taken.granted()) {
            throw new ImapException.TooManyLogins(taken.retryAfter());
        }
        boolean guessed = false;
        try {
            return attempt(account, login, refusal);
        } catch (RuntimeException e) {
            guessed = refusal.isInstance(e) && failures.refused(account);
            throw e;
        } finally {
            if (!guessed) {
                budget.giveBack();
            }
        }
    }

    private <T> T attempt(
            Account account, Supplier<T> login, Class<? extends RuntimeException> refusal) {
        long started = System.nanoTime();
        try {
            var connection = login.get();
            failures.accepted(account);
            return connection;
        } catch (RuntimeException e) {
            if (refusal.isInstance(e)) {
                waitForRefusal(System.nanoTime() - started);
            }
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
