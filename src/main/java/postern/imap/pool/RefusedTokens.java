package postern.imap.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.imap.ImapException.AccessTokenRefused;
import postern.imap.ResponseCode;

/**
 * The access tokens that mail servers have refused lately. They are not sent again: after failed
 * logins servers delay all logins from the gateway's address, those of other users as well.
 */
final class RefusedTokens {

    private static final Duration MEMORY = Duration.ofMinutes(5);
    private static final int LIMIT = 10_000;

    private record Refusal(String message, @Nullable ResponseCode code, Instant until) {}

    private final LoginHashes logins;
    private final InstantSource clock;
    private final Map<String, Refusal> refusals =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Refusal> eldest) {
                    return size() > LIMIT || over(eldest.getValue());
                }
            };

    RefusedTokens(LoginHashes logins, InstantSource clock) {
        this.logins = logins;
        this.clock = clock;
    }

    /** Throws for an access token that was refused lately, or has expired. */
    void check(Account account) {
        if (!(account.credential() instanceof AccessToken token)) {
            return;
        }
        if (token.expired(clock.instant())) {
            throw new AccessTokenRefused("the access token has expired", null);
        }
        var refusal = refusal(logins.ofCredential(account));
        if (refusal != null) {
            throw new AccessTokenRefused(refusal.message(), refusal.code());
        }
    }

    void add(Account account, AccessTokenRefused refused) {
        var refusal =
                new Refusal(
                        String.valueOf(refused.getMessage()),
                        refused.responseCode(),
                        clock.instant().plus(MEMORY));
        var login = logins.ofCredential(account);
        synchronized (refusals) {
            refusals.put(login, refusal);
        }
    }

    private @Nullable Refusal refusal(String login) {
        synchronized (refusals) {
            var refusal = refusals.get(login);
            if (refusal != null && over(refusal)) {
                refusals.remove(login);
                return null;
            }
            return refusal;
        }
    }

    private boolean over(Refusal refusal) {
        return !clock.instant().isBefore(refusal.until());
    }
}
