package postern.oauth;

import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.LoginHashes;
import postern.account.OAuthGrant;
import postern.imap.ImapConnector;
import postern.imap.ImapException;
import postern.imap.PoolableConnection;
import postern.imap.RefusedTokens;
import postern.shared.SharedState;

/**
 * Connects with the access tokens of grants. A token that the mail server refuses is replaced once,
 * and it is not sent again, even when there is no other one yet; the pool remembers grants of which
 * a second token was refused.
 */
@Component
@Primary
final class GrantConnector implements ImapConnector {

    private final ImapConnector connector;
    private final Grants grants;
    private final RefusedTokens refusedTokens;

    GrantConnector(
            @Qualifier("guardedConnector") ImapConnector connector,
            Grants grants,
            LoginHashes logins,
            SharedState state) {
        this.connector = connector;
        this.grants = grants;
        this.refusedTokens = new RefusedTokens(logins, state, InstantSource.system());
    }

    /** Refreshes the access token where it ends soon or was refused lately. */
    @Override
    public void prepare(Account account) {
        if (!(account.credential() instanceof OAuthGrant grant)) {
            return;
        }
        var token = grants.current(grant, account.server());
        try {
            refusedTokens.check(account.with(token));
        } catch (ImapException.AccessTokenRefused _) {
            grants.insteadOf(grant, token);
        }
    }

    @Override
    public PoolableConnection connect(Account account) {
        if (!(account.credential() instanceof OAuthGrant grant)) {
            return connector.connect(account);
        }
        var token = grants.current(grant, account.server());
        try {
            return connectOnce(account.with(token));
        } catch (ImapException.AccessTokenRefused _) {
            return connectOnce(account.with(grants.insteadOf(grant, token)));
        }
    }

    private PoolableConnection connectOnce(Account withToken) {
        refusedTokens.check(withToken);
        try {
            return connector.connect(withToken);
        } catch (ImapException.AccessTokenRefused e) {
            refusedTokens.add(withToken, e);
            throw e;
        }
    }
}
