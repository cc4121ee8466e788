package postern.oauth;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.OAuthGrant;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;

/**
 * Connects with the access tokens of grants. A token that the mail server refuses is replaced once;
 * the pool remembers a second refusal.
 */
@Component
@Primary
final class GrantConnector implements ImapConnector {

    private final ImapConnector connector;
    private final Grants grants;

    GrantConnector(@Qualifier("guardedConnector") ImapConnector connector, Grants grants) {
        this.connector = connector;
        this.grants = grants;
    }

    @Override
    public PoolableConnection connect(Account account) {
        if (!(account.credential() instanceof OAuthGrant grant)) {
            return connector.connect(account);
        }
        var token = grants.current(grant, account.server());
        try {
            return connector.connect(account.with(token));
        } catch (ImapException.AccessTokenRefused _) {
            return connector.connect(account.with(grants.insteadOf(grant, token)));
        }
    }
}
