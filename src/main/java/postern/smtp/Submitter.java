package postern.smtp;

import postern.account.Account;
import postern.account.Credential;
import postern.account.ImapServer;
import postern.provider.SmtpServer;

/**
 * Who sends, and through which server.
 *
 * @param mailServer the IMAP server of the same provider: its proxy and its authorities are used
 * @param login the user to whom the credential belongs
 * @param user the user to send for: mostly the same one
 */
public record Submitter(
        ImapServer mailServer,
        SmtpServer server,
        String login,
        String user,
        Credential credential) {

    public Submitter with(Credential other) {
        return new Submitter(mailServer, server, login, user, other);
    }

    /** The user at the submission server, for what counts logins. */
    public Account account() {
        return new Account(
                new ImapServer(server.host(), server.port(), server.security()),
                user,
                credential,
                login);
    }

    /** Contains neither the user nor the credential, so that it may be logged. */
    @Override
    public String toString() {
        return "Submitter[server=%s]".formatted(server);
    }
}
