package postern.login;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Password;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;

/**
 * Asks no mail server about a password when too many have been refused before: the mail server
 * would lock the account, or refuse the gateway and with it all users.
 */
@Component
final class GuardedConnector implements ImapConnector {

    private final ImapConnector connector;
    private final BudgetedLogins logins;

    GuardedConnector(
            @Qualifier("angusConnector") ImapConnector connector,
            FailedLogins failures,
            LoginProperties properties) {
        this.connector = connector;
        this.logins = new BudgetedLogins(failures, properties);
    }

    @Override
    public PoolableConnection connect(Account account) {
        return account.credential() instanceof Password
                ? logins.logIn(
                        account,
                        () -> connector.connect(account),
                        ImapException.AuthenticationFailed.class)
                : connector.connect(account);
    }
}
