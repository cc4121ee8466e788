package postern.web.limit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerInterceptor;
import postern.account.Account;
import postern.account.Password;
import postern.login.FailedLogins;
import postern.web.CallerResolver;
import postern.web.ClientAddress;

/** Counts the passwords that were refused by the client that sent them. */
@Component
public final class PasswordGuesses implements HandlerInterceptor {

    /** The attribute of a request with the account that it is about. */
    public static final String ACCOUNT = PasswordGuesses.class.getName() + ".account";

    private static final String TRIED = PasswordGuesses.class.getName();

    private final FailedLogins failures;
    private final CallerResolver callers;

    PasswordGuesses(FailedLogins failures, CallerResolver callers) {
        this.failures = failures;
        this.callers = callers;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var caller = callers.callerOrNull(request);
        if (caller != null && caller.session() == null) {
            begin(caller.account(), request);
        }
        return true;
    }

    /**
     * A login whose credentials are in the body of the present request. Throws TooManyLogins where
     * its client has tried too many passwords.
     */
    public void begin(Account account) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes it) {
            begin(account, it.getRequest());
        }
    }

    private void begin(Account account, HttpServletRequest request) {
        request.setAttribute(ACCOUNT, account);
        if (account.credential() instanceof Password) {
            failures.requireBudget(account, ClientAddress.of(request).network());
            request.setAttribute(TRIED, account);
        }
    }

    /**
     * Logs in with a password that is not the one of the request's account. Throws TooManyLogins
     * where its client has tried too many passwords.
     *
     * @param refusal what the login throws when the password is refused
     */
    public <T> T logIn(
            Account account, Supplier<T> login, Class<? extends RuntimeException> refusal) {
        if (!(account.credential() instanceof Password)
                || !(RequestContextHolder.getRequestAttributes()
                        instanceof ServletRequestAttributes attributes)) {
            return login.get();
        }
        var client = ClientAddress.of(attributes.getRequest()).network();
        failures.requireBudget(account, client);
        try {
            var connection = login.get();
            failures.acceptedFrom(account, client);
            return connection;
        } catch (RuntimeException e) {
            if (refusal.isInstance(e)) {
                failures.count(account, client);
            }
            throw e;
        }
    }

    /** A password that was tried and is followed by a 401 was refused. */
    @Override
    public void afterCompletion(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable Exception failure) {
        if (!(request.getAttribute(TRIED) instanceof Account account)) {
            return;
        }
        var client = ClientAddress.of(request).network();
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            failures.count(account, client);
        } else if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
            failures.acceptedFrom(account, client);
        }
    }
}
