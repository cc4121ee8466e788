package postern.account;

/**
 * One mail account of one caller: the server, the login name there and the credential presented.
 */
public record Account(ImapServer server, String user, Credential credential) {

    public Account {
        if (user.isEmpty() || !sendable(user)) {
            throw new IllegalArgumentException("a user name is not empty and has no NUL, CR or LF");
        }
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
