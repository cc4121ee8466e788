package postern.login;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.LoginHashes;
import postern.imap.ImapException;
import postern.provider.MailServers;

/**
 * Counts the passwords that mail servers refuse: of each account, of each account from one client
 * address, and of each client address. A login takes its place in the budget before it is tried, so
 * that parallel ones are no way around, and gets it back unless the password is refused.
 *
 * <p>A password that was accepted is known by its keyed hash from then on and is never held up:
 * somebody who guesses does not keep the user out.
 */
@Component
public final class FailedLogins {

    /** Each takes some 200 octets; a credential and each client that it came from are one each. */
    private static final int MOST_PROVEN = 40_000;

    /** The same password is no new guess within this time, however often it is sent. */
    private static final Duration REPEATED = Duration.ofMinutes(1);

    private final LoginHashes hashes;
    private final MailServers servers;
    private final Budgets byAccount;
    private final Budgets byAccountAndClient;
    private final Budgets byClient;
    private final Budgets repeated;
    private final Budgets repeatedHere;
    private final Map<String, Boolean> proven =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST_PROVEN;
                }
            };

    FailedLogins(
            LoginHashes hashes,
            SharedBudgets budgets,
            LoginProperties properties,
            MailServers servers) {
        this.hashes = hashes;
        this.servers = servers;
        int perAccount = properties.maxFailuresPerAccount();
        var window = properties.window();
        this.byAccount = budgets.of("logins of account", perAccount, window);
        this.byAccountAndClient =
                budgets.of("logins of account and client", Math.max(1, perAccount / 2), window);
        this.byClient = budgets.of("logins of client", properties.maxFailuresPerClient(), window);
        this.repeated = budgets.of("repeated password", 1, REPEATED);
        this.repeatedHere = budgets.of("repeated password of client", 1, REPEATED);
    }

    /** Whether a mail server has accepted this very credential, and not refused it since. */
    public boolean proven(Account account) {
        var credential = hashes.ofCredential(account);
        synchronized (proven) {
            return proven.get(credential) != null;
        }
    }

    /**
     * Whether it was also accepted when it came from this client. What depends on {@link #proven}
     * alone would tell somebody who guesses which password is right.
     */
    public boolean provenFrom(Account account, String client) {
        var credential = hashes.ofCredential(account);
        synchronized (proven) {
            return proven.get(credential) != null && proven.get(from(credential, client)) != null;
        }
    }

    void accepted(Account account) {
        var credential = hashes.ofCredential(account);
        synchronized (proven) {
            proven.put(credential, true);
        }
    }

    /** A request of this client with this credential was served. */
    public void acceptedFrom(Account account, String client) {
        var credential = hashes.ofCredential(account);
        synchronized (proven) {
            if (proven.get(credential) != null) {
                proven.put(from(credential, client), true);
            }
        }
    }

    private static String from(String credential, String client) {
        return credential + ' ' + client;
    }

    /** Returns whether it is a new guess: this credential was not refused a moment ago. */
    boolean refused(Account account) {
        var credential = hashes.ofCredential(account);
        synchronized (proven) {
            proven.remove(credential);
        }
        return repeated.of(credential).take().granted();
    }

    /** The budget of an account, for all its clients together. */
    Budget ofAccount(Account account) {
        return byAccount.of(key(account));
    }

    /** Throws TooManyLogins where this client has tried too many passwords. */
    public void requireBudget(Account account, String client) {
        if (!provenFrom(account, client)) {
            var wait =
                    Budget.longestWait(
                            byClient.of(client), byAccountAndClient.of(pair(account, client)));
            if (wait.isPositive()) {
                throw new ImapException.TooManyLogins(wait);
            }
        }
    }

    /** The mail server has refused a password from this client. */
    public void count(Account account, String client) {
        if (!repeatedHere.of(from(hashes.ofCredential(account), client)).take().granted()) {
            return;
        }
        Budget.charge(byClient.of(client), byAccountAndClient.of(pair(account, client)));
    }

    private String pair(Account account, String client) {
        return key(account) + ' ' + client;
    }

    /** Most mail servers ignore the case of user names. */
    private String key(Account account) {
        var server = servers.guessedServer(AccountKey.of(account).server());
        return server + " " + account.login().toLowerCase(Locale.ROOT);
    }
}
