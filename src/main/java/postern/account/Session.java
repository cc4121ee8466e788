package postern.account;

import java.time.Instant;

/** The content of a session token. */
public record Session(String id, Account account, Instant issuedAt, Instant expiresAt) {}
