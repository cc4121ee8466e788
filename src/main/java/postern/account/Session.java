package postern.account;

import java.time.Instant;
import java.util.List;

/**
 * The content of a session token.
 *
 * @param within the sessions that this one was narrowed from, and with which it ends; the first one
 *     is the login
 */
public record Session(
        String id, Account account, Instant issuedAt, Instant expiresAt, List<String> within) {

    public Session {
        within = List.copyOf(within);
    }

    public Session(String id, Account account, Instant issuedAt, Instant expiresAt) {
        this(id, account, issuedAt, expiresAt, List.of());
    }

    /** The same session with another credential of its account. */
    public Session with(Account refreshed) {
        return new Session(id, refreshed, issuedAt, expiresAt, within);
    }

    public boolean narrowed() {
        return !within.isEmpty();
    }
}
