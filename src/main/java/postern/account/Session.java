package postern.account;

import java.time.Instant;

/** The content of a session token. */
public record Session(String id, Account account, Instant issuedAt, Instant expiresAt) {

    /** The same session with another credential of its account. */
    public Session with(Account refreshed) {
        return new Session(id, refreshed, issuedAt, expiresAt);
    }
}
