package postern.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import postern.account.Account;
import postern.account.Password;
import postern.account.SessionRefused;
import postern.account.SessionTokens;
import postern.provider.MailServers;
import postern.shared.SharedStateUnavailable;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Reads the caller from the Authorization header: Basic (RFC 7617) or a session token. */
@Component
public final class CallerResolver implements HandlerMethodArgumentResolver {

    /** What a request was found to come from: a {@link Caller}, or why there is none. */
    private static final String FOUND = CallerResolver.class.getName();

    private final MailServers servers;
    private final SessionTokens tokens;

    CallerResolver(MailServers servers, SessionTokens tokens) {
        this.servers = servers;
        this.tokens = tokens;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        var type = parameter.getParameterType();
        return type.equals(Account.class) || type.equals(Caller.class);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer mavContainer,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory) {
        var servletRequest =
                Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        var caller = caller(servletRequest);
        return parameter.getParameterType().equals(Caller.class) ? caller : caller.account();
    }

    /**
     * The caller of a request, whose token is opened once, since replicas ask their store about it.
     * Throws ProblemException, {@link SessionRefused}, and {@link SharedStateUnavailable} where it
     * cannot be known whether the session was ended.
     */
    public Caller caller(HttpServletRequest request) {
        var found = request.getAttribute(FOUND);
        if (found == null) {
            found = found(request.getHeader(HttpHeaders.AUTHORIZATION));
            request.setAttribute(FOUND, found);
        }
        if (found instanceof RuntimeException refusal) {
            throw refusal;
        }
        return (Caller) found;
    }

    /** Null where {@link #caller} throws: the handler refuses the request. */
    public @Nullable Caller callerOrNull(HttpServletRequest request) {
        try {
            return caller(request);
        } catch (ProblemException | SessionRefused | SharedStateUnavailable _) {
            return null;
        }
    }

    private Object found(@Nullable String authorization) {
        try {
            return caller(authorization);
        } catch (ProblemException | SessionRefused | SharedStateUnavailable refusal) {
            return refusal;
        }
    }

    private Caller caller(@Nullable String authorization) {
        if (authorization == null || authorization.isBlank()) {
            throw required("send `Authorization: Basic` or `Authorization: Bearer`");
        }
        var words = authorization.strip().split(" +", 2);
        var credentials = words.length == 2 ? words[1] : "";
        return switch (words[0].toLowerCase(Locale.ROOT)) {
            case "basic" -> new Caller(basic(credentials), null);
            case "bearer" -> bearer(credentials);
            default -> throw required("the gateway knows the schemes Basic and Bearer");
        };
    }

    private static ProblemException required(String detail) {
        return new ProblemException(ProblemCode.AUTHENTICATION_REQUIRED, detail);
    }

    private Caller bearer(String token) {
        var session = tokens.open(token);
        return new Caller(session.account(), session);
    }

    private Account basic(String credentials) {
        var pair = decode(credentials);
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw malformed("holds no colon between user name and password");
        }
        try {
            var user = pair.substring(0, colon);
            var password = new Password(pair.substring(colon + 1));
            return new Account(servers.forUser(user).imap(), user, password);
        } catch (IllegalArgumentException e) {
            throw malformed("is not valid: " + e.getMessage());
        }
    }

    private static String decode(String credentials) {
        try {
            var octets = Base64.getDecoder().decode(credentials);
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (IllegalArgumentException _) {
            throw malformed("is not base64");
        } catch (CharacterCodingException _) {
            throw malformed("is not UTF-8");
        }
    }

    private static InvalidRequest malformed(String detail) {
        return InvalidRequest.parameter(HttpHeaders.AUTHORIZATION, detail);
    }
}
