package postern.account;

import java.time.Instant;

/** What a session token stands for. */
public record Session(String id, Account account, Instant issuedAt, Instant expiresAt) {}
