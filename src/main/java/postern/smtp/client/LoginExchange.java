package postern.smtp.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Base64;
import postern.account.AccessToken;
import postern.account.OAuthGrant;
import postern.account.Password;
import postern.smtp.SmtpException;
import postern.smtp.SmtpReply;
import postern.smtp.Submitter;

/** Logs in (RFC 4954), in the way that suits the credential and the server. */
final class LoginExchange {

    /** A command with its CRLF (RFC 4954 §4); a longer initial response has a line of its own. */
    private static final int LONGEST_COMMAND = 510;

    private static final int CONTINUE = 334;

    private final SmtpTransport transport;
    private final Extensions extensions;
    private final Submitter submitter;

    LoginExchange(SmtpTransport transport, Extensions extensions, Submitter submitter) {
        this.transport = transport;
        this.extensions = extensions;
        this.submitter = submitter;
    }

    void run() throws IOException {
        var reply =
                switch (submitter.credential()) {
                    case Password password -> with(password);
                    case AccessToken token -> with(token);
                    case OAuthGrant _ -> throw new IllegalStateException("no credential");
                };
        if (reply.positive()) {
            return;
        }
        // 454, or a connection that is refused in this late step
        throw reply.transientFailure()
                ? new SmtpException.Refused(SmtpException.Step.CONNECTION, reply)
                : new SmtpException.LoginRefused(reply);
    }

    private SmtpReply with(Password password) throws IOException {
        boolean another = !submitter.login().equals(submitter.user());
        if (extensions.authenticates("PLAIN")) {
            var actingFor = another ? submitter.user() : "";
            return authenticate(
                    "PLAIN", actingFor + '\0' + submitter.login() + '\0' + password.value(), "*");
        }
        if (extensions.authenticates("LOGIN") && !another) {
            var reply = transport.exchange("AUTH LOGIN");
            for (var answer : new String[] {submitter.login(), password.value()}) {
                if (reply.code() != CONTINUE) {
                    return reply;
                }
                reply = transport.exchange(encoded(answer));
            }
            return reply.code() == CONTINUE ? transport.exchange("*") : reply;
        }
        throw new SmtpException.NotPossible(
                "the submission server offers no way to log in with a password");
    }

    private SmtpReply with(AccessToken token) throws IOException {
        var user = submitter.user();
        if (user.indexOf('\u0001') >= 0) { // it would end the user name early
            throw new SmtpException.NotPossible("the user name has a control character");
        }
        if (extensions.authenticates("OAUTHBEARER")) {
            // GS2 gives a meaning to these two characters (RFC 5801 §4).
            var escaped = user.replace("=", "=3D").replace(",", "=2C");
            var server = submitter.server();
            return authenticate(
                    "OAUTHBEARER",
                    "n,a=%s,\u0001host=%s\u0001port=%d\u0001auth=Bearer %s\u0001\u0001"
                            .formatted(escaped, server.host(), server.port(), token.value()),
                    encoded("\u0001"));
        }
        if (extensions.authenticates("XOAUTH2")) {
            return authenticate(
                    "XOAUTH2",
                    "user=%s\u0001auth=Bearer %s\u0001\u0001".formatted(user, token.value()),
                    "");
        }
        throw new SmtpException.NotPossible("the submission server takes no access tokens");
    }

    /**
     * @param answer the answer to a further challenge, which explains a refusal
     */
    private SmtpReply authenticate(String mechanism, String response, String answer)
            throws IOException {
        var command = "AUTH " + mechanism;
        var whole = command + ' ' + encoded(response);
        SmtpReply reply;
        if (whole.length() <= LONGEST_COMMAND) {
            reply = transport.exchange(whole);
        } else {
            reply = transport.exchange(command);
            if (reply.code() == CONTINUE) {
                reply = transport.exchange(encoded(response));
            }
        }
        return reply.code() == CONTINUE ? transport.exchange(answer) : reply;
    }

    private static String encoded(String response) {
        return Base64.getEncoder().encodeToString(response.getBytes(UTF_8));
    }
}
