package postern.submission;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.smtp.IdleSmtpConnections;
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
    private final IdleSmtpConnections idle;

    SubmissionLogins(
            @Qualifier("grantSmtpConnector") SmtpConnector connector,
            SubmissionServers servers,
            PasswordGuesses guesses,
            IdleSmtpConnections idle) {
        this.idle = idle;
        this.connector = connector;
        this.servers = servers;
        this.guesses = guesses;
    }

    @Override
    public SmtpConnection connect(Submitter submitter, Reuse reuse) {
        return guesses.logIn(
                submitter.account(),
                () -> connector.connect(submitter, reuse),
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
            connect(servers.submitter(account), Reuse.NEVER).close();
        } catch (SmtpException e) {
            throw SubmissionProblems.of(e);
        }
    }

    /** Ends the connections that were kept for this account's credential. */
    public void retire(Account account) {
        servers.known(account).ifPresent(idle::retire);
    }
}
