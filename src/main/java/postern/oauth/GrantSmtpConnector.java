package postern.oauth;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.LoginHashes;
import postern.account.OAuthGrant;
import postern.imap.ImapException;
import postern.shared.SharedState;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpException.LoginRefused;
import postern.smtp.Submitter;

/**
 * Logs in to submission servers with the access tokens of grants. A token that is refused is
 * replaced once. A grant of which the other token was refused, too, is refused for a while without
 * a login: the user may not send at all, and each further token would be for nothing.
 */
@Component
final class GrantSmtpConnector implements SmtpConnector {

    private final SmtpConnector connector;
    private final Grants grants;
    private final RefusedGrants refused;

    GrantSmtpConnector(
            @Qualifier("guardedSmtpConnector") SmtpConnector connector,
            Grants grants,
            LoginHashes logins,
            SharedState state) {
        this.connector = connector;
        this.grants = grants;
        this.refused = new RefusedGrants(logins, state);
    }

    @Override
    public SmtpConnection connect(Submitter submitter, Reuse reuse) {
        if (!(submitter.credential() instanceof OAuthGrant grant)) {
            return connector.connect(submitter, reuse);
        }
        refused.check(submitter);
        var token = grants.current(grant, submitter.mailServer());
        try {
            return connector.connect(submitter.with(token), reuse);
        } catch (LoginRefused e) {
            return connectAgain(submitter, another(submitter, grant, token, e));
        }
    }

    private AccessToken another(
            Submitter submitter, OAuthGrant grant, AccessToken token, LoginRefused refusal) {
        try {
            return grants.insteadOf(grant, token);
        } catch (ImapException.AccessTokenRefused _) { // there is no other one
            refused.add(submitter, refusal);
            throw refusal;
        }
    }

    private SmtpConnection connectAgain(Submitter submitter, AccessToken token) {
        try {
            return connector.connect(submitter.with(token), Reuse.NEVER);
        } catch (LoginRefused e) {
            refused.add(submitter, e);
            throw e;
        }
    }
}
