package postern.web.log;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import postern.account.Account;
import postern.account.AccountPseudonym;
import postern.web.CallerResolver;
import postern.web.limit.AppKeys;
import postern.web.limit.PasswordGuesses;

/**
 * Logs a line for each operation that begins or ends a session or destroys something: which
 * operation, with what status, of whom (by a keyed hash) and by which app. It names no user, no
 * mailbox and no message.
 */
final class AuditLog implements HandlerInterceptor {

    private static final Logger log = LoggerFactory.getLogger("postern.audit");

    private final AccountPseudonym pseudonyms;
    private final CallerResolver callers;

    AuditLog(AccountPseudonym pseudonyms, CallerResolver callers) {
        this.pseudonyms = pseudonyms;
        this.callers = callers;
    }

    /** The account is looked at before the operation, which may end its session. */
    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (isAudited(request, handler)) {
            var caller = callers.callerOrNull(request);
            if (caller != null) {
                request.setAttribute(PasswordGuesses.ACCOUNT, caller.account());
            }
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable Exception failure) {
        if (handler instanceof HandlerMethod method && isAudited(request, handler)) {
            var account = request.getAttribute(PasswordGuesses.ACCOUNT);
            var app = request.getAttribute(AppKeys.APP);
            log(
                    method.getMethod().getName(),
                    response.getStatus(),
                    account instanceof Account known ? pseudonyms.of(known) : "-",
                    app == null ? "-" : app);
        }
    }

    /** Each value is a field of its own where lines are JSON. */
    private static void log(String operation, int status, String account, Object app) {
        log.atInfo()
                .addKeyValue("operation", operation)
                .addKeyValue("status", status)
                .addKeyValue("account", account)
                .addKeyValue("app", app)
                .log("{} status={} account={} app={}", operation, status, account, app);
    }

    private static boolean isAudited(HttpServletRequest request, Object handler) {
        return handler instanceof HandlerMethod method
                && (HttpMethod.DELETE.matches(request.getMethod())
                        || method.hasMethodAnnotation(Audited.class));
    }
}
