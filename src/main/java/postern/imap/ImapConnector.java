package postern.imap;

import postern.account.Account;

/** Opens connections. */
public interface ImapConnector {

    /**
     * Connects and logs in. Throws AuthenticationFailed, AccessTokenRefused, SignInEnded,
     * SignInUnavailable, NotPossible (the credential cannot be used with this server),
     * ServerUnreachable, CertificateNotTrusted, ServerTimedOut, ConnectionLimit (the server refuses
     * another connection), ServerUnavailable, TooManyLogins or ProtocolError.
     */
    PoolableConnection connect(Account account);
}
