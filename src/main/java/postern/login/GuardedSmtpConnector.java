package postern.login;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import postern.account.Password;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpException;
import postern.smtp.Submitter;

/**
 * As {@link GuardedConnector}, in front of submission servers: each has budgets of its own. It is
 * in front of the pool, too: without a budget even the right password gets no connection.
 */
@Component
final class GuardedSmtpConnector implements SmtpConnector {

    private final SmtpConnector connector;
    private final BudgetedLogins logins;

    GuardedSmtpConnector(
            @Qualifier("pooledSmtpConnector") SmtpConnector connector,
            FailedLogins failures,
            LoginProperties properties) {
        this.connector = connector;
        this.logins = new BudgetedLogins(failures, properties);
    }

    @Override
    public SmtpConnection connect(Submitter submitter, Reuse reuse) {
        return submitter.credential() instanceof Password
                ? logins.logIn(
                        submitter.account(),
                        () -> connector.connect(submitter, reuse),
                        SmtpException.LoginRefused.class)
                : connector.connect(submitter, reuse);
    }
}
