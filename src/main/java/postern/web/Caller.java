package postern.web;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Session;

/**
 * The authenticated caller of a request; the session is null if the request used Basic
 * authentication. Handlers that do not need the session take an {@link Account}.
 */
public record Caller(Account account, @Nullable Session session) {}
