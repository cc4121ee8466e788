package postern.account;

/**
 * One mail account of one caller: the server, the login name there and the credential presented.
 */
public record Account(ImapServer server, String user, Credential credential) {

    /** Names neither the user nor the credential, so that it may be logged. */
    @Override
    public String toString() {
        return "Account[server=%s]".formatted(server);
    }
}
