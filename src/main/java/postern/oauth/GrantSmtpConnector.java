package postern.oauth;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import postern.account.OAuthGrant;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.Submitter;

/** Logs in to submission servers with the access tokens of grants. */
@Component
final class GrantSmtpConnector implements SmtpConnector {

    private final SmtpConnector connector;
    private final Grants grants;

    GrantSmtpConnector(@Qualifier("guardedSmtpConnector") SmtpConnector connector, Grants grants) {
        this.connector = connector;
        this.grants = grants;
    }

    @Override
    public SmtpConnection connect(Submitter submitter) {
        return submitter.credential() instanceof OAuthGrant grant
                ? connector.connect(submitter.with(grants.current(grant, submitter.mailServer())))
                : connector.connect(submitter);
    }
}
