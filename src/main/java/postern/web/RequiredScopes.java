package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.web.id.LocatedIds;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;

/**
 * Refuses a narrowed token where it lacks the scope of the operation, or where the path names a
 * mailbox, message or thread beyond its mailboxes. What only the body or the mail server names is
 * refused where a connection is lent. Comes before anything that could answer without the mail
 * server.
 */
final class RequiredScopes implements HandlerInterceptor {

    private final CallerResolver callers;
    private final LocatedIds ids;

    RequiredScopes(CallerResolver callers, LocatedIds ids) {
        this.callers = callers;
        this.ids = ids;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            check(request, method);
        }
        return true;
    }

    private void check(HttpServletRequest request, HandlerMethod handler) {
        var required = handler.getMethodAnnotation(RequiresScope.class);
        if (Arrays.stream(handler.getMethodParameters()).noneMatch(callers::supportsParameter)) {
            return; // asks for no credentials
        }
        var caller = callers.caller(request);
        if (caller.session() == null || !caller.session().narrowed()) {
            return;
        }
        if (required == null || required.wholeSession()) {
            throw ScopeMissing.narrowed();
        }
        for (var scope : required.value()) {
            ScopeMissing.require(caller.account(), scope);
        }
        requireReach(caller.account(), request, handler);
    }

    private void requireReach(Account account, HttpServletRequest request, HandlerMethod handler) {
        if (account.limits().reachesAll()
                || !(request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                        instanceof Map<?, ?> variables)) {
            return;
        }
        for (var parameter : handler.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(PathVariable.class)) {
                var text = variables.get(parameter.getParameter().getName());
                var mailbox = text == null ? null : mailbox(parameter, text.toString());
                if (mailbox != null) {
                    ImapException.OutOfScope.require(account, ids.of(account, mailbox));
                }
            }
        }
    }

    /** Null where the path names none: a role is looked up later, and a bad id is a 404. */
    private static @Nullable MailboxName mailbox(MethodParameter parameter, String id) {
        var type = parameter.getParameterType();
        try {
            if (type.equals(MailboxId.class)) {
                return MailboxId.parse(id) instanceof MailboxId.ByName(var name) ? name : null;
            }
            if (type.equals(MessageId.class)) {
                return MessageId.parse(id).message().mailbox();
            }
            if (type.equals(ThreadId.class)) {
                return ThreadId.parse(id) instanceof ThreadId.OfMessage(var message, long _)
                        ? message.mailbox()
                        : null;
            }
            return null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
