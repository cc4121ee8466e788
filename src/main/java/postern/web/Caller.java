package postern.web;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Session;

/**
 * Who asks, and the session that says so; null for a caller who presents the credential itself.
 * Handlers that do not care for the session take an {@link Account}.
 */
public record Caller(Account account, @Nullable Session session) {}
