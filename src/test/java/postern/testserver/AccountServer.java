package postern.testserver;

/** An IMAP server with empty accounts. */
public interface AccountServer {

    String host();

    /** The port for IMAP without TLS; starts the server if it does not run yet. */
    int port();

    /** A user who has never logged in. */
    String newUser();

    default String password() {
        return "pw";
    }
}
