package postern.imap.client.connect;

import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.BadCommandException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.jspecify.annotations.Nullable;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.OAuthGrant;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.ServerRefusals;

/** Logs in, in the way that suits the credential and the server. */
final class AuthenticationExchange {

    /** The error's name in a server's JSON (RFC 7628 §3.2.2), in quotes or not. */
    private static final Pattern STATUS =
            Pattern.compile("\"status\"\\s*:\\s*(\"?)([A-Za-z0-9_-]{1,40})\\1\\s*[,}]");

    private final Account account;
    private final AngusProtocol protocol;
    private final Set<String> disabled;
    private @Nullable String challenge;

    /**
     * @param disabled capabilities that are not to be used even where the server announces them
     */
    AuthenticationExchange(Account account, AngusProtocol protocol, Set<String> disabled) {
        this.account = account;
        this.protocol = protocol;
        this.disabled = disabled;
    }

    void run() throws IOException, ProtocolException {
        var before = protocol.getCapabilities();
        try {
            switch (account.credential()) {
                case Password password -> logIn(password);
                case AccessToken token -> authenticate(mechanism(token));
                case OAuthGrant _ -> throw new IllegalStateException("a grant is no credential");
            }
        } catch (CommandFailedException | BadCommandException e) {
            // A NO or BAD shows that the server was reached.
            var no = ServerText.of(e);
            throw no == null ? refused(null) : refused(no.code(), no.text());
        } catch (ConnectionException e) {
            var bye = ServerText.of(e);
            throw bye == null
                    ? AngusConnector.unreachable(e)
                    : ServerRefusals.greeting(bye.code(), bye.text());
        }
        if (protocol.getCapabilities() == before) {
            protocol.capability(); // after login most servers announce more
        }
    }

    /**
     * SCRAM where the password could be read on the way, or where the server takes it in no other
     * way. Elsewhere not: servers announce SCRAM for all users, but can check it only for those
     * whose password they store in a form that permits it. LOGIN says nothing of the charset (RFC
     * 9051 §6.2.3), and cannot act for another user.
     */
    private void logIn(Password password) throws IOException, ProtocolException {
        boolean readable = account.server().security() == Security.NONE;
        boolean plain = announces("AUTH=PLAIN");
        boolean login = !announces("LOGINDISABLED");
        boolean unsuited =
                account.actsForAnother() || !ascii(account.login()) || !ascii(password.value());
        if (announces("AUTH=SCRAM-SHA-256") && (readable || !login && !plain)) {
            authenticate(new ScramSha256(account, password));
        } else if (plain && (!login || unsuited)) {
            authenticate(new SaslMechanism.Plain(account, password));
        } else if (!login) {
            throw new ImapException.ServerUnreachable(
                    "the mail server permits no login on an unprotected connection", null);
        } else if (account.actsForAnother()) {
            throw new ImapException.NotPossible(
                    "the mail server has no login for somebody else's account", null);
        } else {
            protocol.logIn(account.user(), password.value());
        }
    }

    private boolean announces(String capability) {
        return protocol.hasCapability(capability) && !disabled.contains(capability);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private SaslMechanism mechanism(AccessToken token) {
        if (account.user().indexOf('\u0001') >= 0) {
            throw refused(null); // it would end the user name early
        }
        if (announces("AUTH=OAUTHBEARER")) {
            return new SaslMechanism.OauthBearer(account, token);
        }
        if (announces("AUTH=XOAUTH2")) {
            return new SaslMechanism.XOauth2(account, token);
        }
        throw new ImapException.NotPossible("the mail server takes no access tokens", null);
    }

    private void authenticate(SaslMechanism mechanism) throws IOException, ProtocolException {
        protocol.authenticate(mechanism, last -> challenge = last);
    }

    private ImapException refused(@Nullable ResponseCode code, String text) {
        var exception = ServerRefusals.login(code, text);
        return exception instanceof ImapException.AuthenticationFailed ? refused(code) : exception;
    }

    private ImapException refused(@Nullable ResponseCode code) {
        return switch (account.credential()) {
            case Password _ -> new ImapException.AuthenticationFailed(code);
            case AccessToken _, OAuthGrant _ -> tokenRefused(code);
        };
    }

    private ImapException tokenRefused(@Nullable ResponseCode code) {
        var told = challenge == null ? null : STATUS.matcher(challenge);
        var status = told != null && told.find() ? told.group(2) : null;
        if (status != null && status.matches("5\\d\\d")) {
            return ServerRefusals.away(code);
        }
        var message = "the mail server does not accept this access token";
        return new ImapException.AccessTokenRefused(
                status == null ? message : message + " (" + status + ")", code);
    }
}
