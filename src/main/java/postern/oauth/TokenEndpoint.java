package postern.oauth;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.egress.Deadline;
import postern.egress.Endpoint;
import postern.egress.FormPost;
import postern.egress.HttpAnswer;
import postern.imap.ImapException;
import postern.trace.RequestTrace;
import postern.trace.Step;

/** Redeems codes and refresh tokens at an authorization server, and revokes the latter. */
final class TokenEndpoint {

    private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);
    private static final int LARGEST = 64 * 1024;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Duration LATEST = Duration.ofMinutes(15);

    /** Errors that only the user can put right, by signing in (RFC 6749 §5.2, OpenID Connect). */
    private static final Set<String> USER_MUST_SIGN_IN =
            Set.of("invalid_grant", "interaction_required", "login_required", "consent_required");

    private final String client;
    private final ClientSecret secret;
    private final Endpoint endpoint;
    private final @Nullable Endpoint revocation;
    private final FormPost forms;
    private final Duration timeout;
    private final ClientPause pause;
    private final CodeLimits codes;
    private final InstantSource clock;

    TokenEndpoint(
            String client,
            ClientSecret secret,
            Endpoint endpoint,
            @Nullable Endpoint revocation,
            FormPost forms,
            Duration timeout,
            ClientPause pause,
            CodeLimits codes,
            InstantSource clock) {
        this.client = client;
        this.secret = secret;
        this.endpoint = endpoint;
        this.revocation = revocation;
        this.forms = forms;
        this.timeout = timeout;
        this.pause = pause;
        this.codes = codes;
        this.clock = clock;
    }

    boolean isAt(String host) {
        return endpoint.host().equalsIgnoreCase(host)
                || (revocation != null && revocation.host().equalsIgnoreCase(host));
    }

    Duration timeout() {
        return timeout;
    }

    /** Throws ImapException.SignInUnavailable or ProtocolError as well. */
    TokenAnswer redeemCode(String code, String verifier, String redirectUri) throws TokenRefused {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirectUri);
        form.put("code_verifier", verifier);
        codes.enter();
        try {
            return redeem(form);
        } catch (TokenRefused e) {
            codes.refused();
            throw e;
        } finally {
            codes.leave();
        }
    }

    /** Throws ImapException.SignInUnavailable or ProtocolError as well. */
    TokenAnswer refresh(String refreshToken) throws TokenRefused {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        return redeem(form);
    }

    /**
     * A token of the client itself (RFC 6749 §4.4), which opens the mailboxes of its users. Throws
     * ImapException.SignInUnavailable or ProtocolError as well.
     */
    TokenAnswer clientCredentials(List<String> scopes) throws TokenRefused {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        form.put("scope", String.join(" ", scopes));
        codes.enter();
        try {
            return redeem(form);
        } finally {
            codes.leave();
        }
    }

    /** Revokes a refresh token, with what was got by it (RFC 7009). Failures are ignored. */
    void revoke(String refreshToken) {
        if (revocation == null) {
            return;
        }
        var form = new LinkedHashMap<String, String>();
        form.put("token", refreshToken);
        form.put("token_type_hint", "refresh_token");
        try {
            var answer = post(revocation, form);
            log.debug("revoked a refresh token: client={} status={}", client, answer.status());
        } catch (IOException e) {
            log.info("a refresh token was not revoked: client={} cause={}", client, cause(e));
        }
    }

    private TokenAnswer redeem(Map<String, String> form) throws TokenRefused {
        pause.requireNone();
        HttpAnswer answer;
        try {
            answer = post(endpoint, form);
        } catch (IOException e) {
            log.warn("no answer of the token endpoint: client={} cause={}", client, cause(e));
            throw unavailable("the authorization server does not answer", SOON, e);
        }
        int status = answer.status();
        if (status == 200) {
            return TokenAnswers.read(answer.body(), clock.instant());
        }
        if (status == 429 || status >= 500) {
            log.warn("the token endpoint is not available: client={} status={}", client, status);
            var wait = retryAfter(answer);
            if (status == 429) {
                pause.begin(wait); // the provider counts requests per client, not per user
            }
            throw unavailable("the authorization server answers %d".formatted(status), wait, null);
        }
        var error = TokenAnswers.error(answer.body());
        if (USER_MUST_SIGN_IN.contains(error)) {
            throw new TokenRefused();
        }
        if (error.equals("invalid_client")) {
            pause.begin(LATER);
        }
        log.error(
                "the token endpoint refuses the client: client={} status={} error={}",
                client,
                status,
                error);
        throw new ImapException.ProtocolError(
                "the authorization server refuses this gateway as a client (%s)".formatted(error),
                null,
                null);
    }

    private HttpAnswer post(Endpoint where, Map<String, String> form) throws IOException {
        secret.addTo(form);
        var trace = RequestTrace.current();
        long started = System.nanoTime();
        var outcome = "lost";
        try {
            var answer =
                    forms.post(where, form, secret.authorization(), LARGEST, Deadline.in(timeout));
            outcome = answer.status() / 100 == 2 ? "ok" : "status-" + answer.status();
            return answer;
        } finally {
            if (trace != null) {
                trace.ended(Step.ended(Step.Kind.OAUTH, where.host(), outcome, 1, started));
            }
        }
    }

    private static Duration retryAfter(HttpAnswer answer) {
        var told = answer.retryAfter();
        if (told == null) {
            return answer.status() == 429 ? LATER : SOON;
        }
        return told.compareTo(LATEST) > 0 ? LATEST : told;
    }

    private static ImapException.SignInUnavailable unavailable(
            String message, Duration retryAfter, @Nullable Throwable cause) {
        return new ImapException.SignInUnavailable(message, retryAfter, cause);
    }

    /** The kind of failure: the JDK's messages may have addresses in them. */
    private static String cause(IOException e) {
        return e.getClass().getSimpleName();
    }
}
