package postern.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.AccessToken;
import postern.account.Account;
import postern.account.OAuthGrant;
import postern.account.Password;
import postern.account.Session;
import postern.account.SessionRefused;
import postern.account.SessionTokens;
import postern.oauth.Grants;
import postern.subscription.SubscriptionStore.Stored;

/** How long the credential of a subscription lasts, and what providers have granted for it. */
@Component
class KeptGrants {

    private final Grants grants;
    private final SubscriptionIndex index;
    private final SubscriptionStore store;
    private final SessionTokens tokens;

    KeptGrants(
            Grants grants, SubscriptionIndex index, SubscriptionStore store, SessionTokens tokens) {
        this.tokens = tokens;
        this.grants = grants;
        this.index = index;
        this.store = store;
    }

    /** When a subscription with this credential ends that is wanted until then. */
    Instant end(Account account, @Nullable Session session, Instant wanted) {
        return switch (account.credential()) {
            case Password _ -> wanted;
            case AccessToken token -> end(token.expiresAt(), session, wanted);
            case OAuthGrant grant ->
                    grants.refreshable(grant)
                            ? wanted
                            : end(grants.accessTokenExpiresAt(grant).orElse(null), session, wanted);
        };
    }

    private static Instant end(@Nullable Instant token, @Nullable Session session, Instant wanted) {
        var end = token == null && session != null ? session.expiresAt() : token;
        return end == null || wanted.isBefore(end) ? wanted : end;
    }

    /** A grant that can be refreshed is kept beyond its session. */
    void keep(Account account, Instant until) {
        if (account.credential() instanceof OAuthGrant grant && grants.refreshable(grant)) {
            grants.keepUntil(grant, until);
        }
    }

    /** Whether a subscription looks with this grant, so that a logout must not end it. */
    boolean uses(Account account, OAuthGrant grant) {
        return index.ids(SubscriptionIndex.owner(account)).stream()
                .map(store::find)
                .anyMatch(it -> it != null && grant.equals(it.account().credential()));
    }

    /**
     * After a subscription has ended or has another credential: a grant that none uses ends where
     * its session is over, and else with that.
     */
    void release(Stored stored) {
        if (stored.account().credential() instanceof OAuthGrant grant
                && !uses(stored.account(), grant)
                && over(stored)) {
            grants.end(grant);
        }
    }

    /** Whether the login is over that the grant is from. */
    private boolean over(Stored stored) {
        var lender = stored.content().lender();
        if (lender == null) {
            return true;
        }
        var login = lender.narrowed() ? lender.within().getFirst() : lender.id();
        var session = new Session(login, stored.account(), lender.issuedAt(), lender.expiresAt());
        try {
            tokens.requireValid(session);
            return false;
        } catch (SessionRefused refused) {
            // A narrowed token may have ended long before its login.
            return refused.reason() == SessionRefused.Reason.REVOKED
                    || (refused.reason() == SessionRefused.Reason.EXPIRED && !lender.narrowed());
        }
    }
}
