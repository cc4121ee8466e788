package postern.submission;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.smtp.SmtpConnection;
import postern.smtp.SmtpConnector;
import postern.smtp.SmtpException;
import postern.smtp.Submitter;
import postern.web.limit.PasswordGuesses;

/** Logs in to submission servers; what they refuse counts as what mail servers refuse. */
@Component
@Primary
public final class SubmissionLogins implements SmtpConnector {

    private final SmtpConnector connector;
    private final SubmissionServers servers;
    private final PasswordGuesses guesses;

    SubmissionLogins(
            @Qualifier("grantSmtpConnector") SmtpConnector connector,
            SubmissionServers servers,
            PasswordGuesses guesses) {
        this.connector = connector;
        this.servers = servers;
        this.guesses = guesses;
    }

    @Override
    public SmtpConnection connect(Submitter submitter) {
        return guesses.logIn(
                submitter.account(),
                () -> connector.connect(submitter),
                SmtpException.LoginRefused.class);
    }

    /**
     * Tries the credential that the account has for sending alone, if it has one. The mail server
     * has accepted the account's other credential before. Throws ProblemException.
     */
    public void check(Account account) {
        if (account.submission() == null) {
            return;
        }
        try {
            connect(servers.submitter(account)).close();
        } catch (SmtpException e) {
            throw SubmissionProblems.of(e);
        }
    }
}
