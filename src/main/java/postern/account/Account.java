package postern.account;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One mail account of one caller.
 *
 * @param user the account's name on the server: whose mail it is
 * @param credential what proves that the caller may read it
 * @param login the user to whom the credential belongs: mostly {@code user} itself, otherwise
 *     somebody who may act for that user
 * @param roles the mailboxes that the user gave a role, by the role's id; names as on the wire
 * @param limits what the caller's token may be used for
 * @param submission what the user sends with; null where that is the credential above
 */
public record Account(
        ImapServer server,
        String user,
        Credential credential,
        String login,
        Map<String, String> roles,
        TokenLimits limits,
        @Nullable SubmissionLogin submission) {

    public Account {
        if (user.isEmpty() || login.isEmpty() || !sendable(user) || !sendable(login)) {
            throw new IllegalArgumentException("a user name is not empty and has no NUL, CR or LF");
        }
        roles = Map.copyOf(roles);
    }

    public Account(
            ImapServer server,
            String user,
            Credential credential,
            String login,
            Map<String, String> roles,
            TokenLimits limits) {
        this(server, user, credential, login, roles, limits, null);
    }

    public Account(ImapServer server, String user, Credential credential) {
        this(server, user, credential, user);
    }

    public Account(ImapServer server, String user, Credential credential, String login) {
        this(server, user, credential, login, Map.of(), TokenLimits.NONE);
    }

    public boolean actsForAnother() {
        return !login.equals(user);
    }

    /**
     * Whose data this is, as far as that is proven, for the keys of caches that outlive a request.
     * A password proves who its user is. An access token, or acting for another, does not: a server
     * that ignores the name that it is sent opens the mail of somebody else.
     */
    public String cacheOwner() {
        return switch (credential) {
            case Password _ -> actsForAnother() ? "%s\n%s".formatted(user, login) : user;
            case AccessToken token -> "%s\n%s\n%s".formatted(user, login, token.family());
            case OAuthGrant grant -> "%s\n%s\n%s".formatted(user, login, grant.family());
        };
    }

    /** The same account, opened with another credential. */
    public Account with(Credential other) {
        return new Account(server, user, other, login, roles, limits, submission);
    }

    public Account withRoles(Map<String, String> assigned) {
        return new Account(server, user, credential, login, assigned, limits, submission);
    }

    public Account limitedTo(TokenLimits others) {
        return new Account(server, user, credential, login, roles, others, submission);
    }

    /** The same account, which sends with a credential of its own. */
    public Account sendingAs(@Nullable SubmissionLogin other) {
        return new Account(server, user, credential, login, roles, limits, other);
    }

    static boolean sendable(String text) {
        return text.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n');
    }

    /** Contains neither the user nor the credential, so that it may be logged. */
    @Override
    public String toString() {
        return "Account[server=%s]".formatted(server);
    }
}
