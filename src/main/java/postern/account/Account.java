package postern.account;

/**
 * One mail account of one caller.
 *
 * @param user the account's name on the server: whose mail it is
 * @param credential what proves that the caller may read it
 * @param login the user to whom the credential belongs: mostly {@code user} itself, otherwise
 *     somebody who may act for that user
 */
public record Account(ImapServer server, String user, Credential credential, String login) {

    public Account {
        if (user.isEmpty() || login.isEmpty() || !sendable(user) || !sendable(login)) {
            throw new IllegalArgumentException("a user name is not empty and has no NUL, CR or LF");
        }
    }

    public Account(ImapServer server, String user, Credential credential) {
        this(server, user, credential, user);
    }

    public boolean actsForAnother() {
        return !login.equals(user);
    }

    /** The same account, opened with another credential. */
    public Account with(Credential other) {
        return new Account(server, user, other, login);
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
