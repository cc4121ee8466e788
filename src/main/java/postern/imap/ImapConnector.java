package postern.imap;

import postern.account.Account;

/** Opens connections. */
public interface ImapConnector {

    /**
     * Gets what {@link #connect} needs beside the mail server, so that it need not be waited for
     * while a connection is opened. Throws SignInEnded, SignInUnavailable, NotPossible or
     * ProtocolError.
     */
    default void prepare(Account account) {}

    /**
     * Connects and logs in. Throws AuthenticationFailed, AccessTokenRefused, SignInEnded,
     * SignInUnavailable, NotPossible (the credential cannot be used with this server),
     * ServerUnreachable, CertificateNotTrusted, ServerTimedOut, ConnectionLimit (the server refuses
     * another connection), ServerUnavailable, TooManyLogins or ProtocolError.
     */
    PoolableConnection connect(Account account);
}
