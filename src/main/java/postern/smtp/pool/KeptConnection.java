package postern.smtp.pool;

import postern.account.AccountKey;
import postern.account.LoginHashes;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.Submitter;

/** A connection of the pool, and whose it is. The pool guards what changes. */
final class KeptConnection {

    private final Owner owner;
    private final PoolableSmtpConnection connection;
    private final long openedAt;
    private long idleSince;
    private int messages;
    private boolean retired;

    /**
     * Whom a connection serves. The hashes reveal no credential and mean nothing outside this
     * process.
     *
     * @param provider the mail server, whose proxy and authorities the connection was made with
     * @param account the user, whatever the credential
     * @param credential of this very credential
     * @param family shared by the credentials that replaced one another in a session
     */
    record Owner(AccountKey provider, AccountKey account, String credential, String family) {

        static Owner of(Submitter submitter, LoginHashes hashes) {
            var account = submitter.account();
            var key = AccountKey.of(account);
            return new Owner(
                    new AccountKey(submitter.mailServer(), ""),
                    key,
                    hashes.ofCredential(account),
                    hashes.of(account));
        }

        /** Without the user, so that it may be logged. */
        @Override
        public String toString() {
            return "Owner[server=%s]".formatted(account.server());
        }

        boolean sameFamily(Owner other) {
            return provider.equals(other.provider) && family.equals(other.family);
        }

        boolean sameServer(Owner other) {
            return account.server().equals(other.account.server());
        }
    }

    KeptConnection(Owner owner, PoolableSmtpConnection connection, long now) {
        this.owner = owner;
        this.connection = connection;
        this.openedAt = now;
        this.idleSince = now;
    }

    Owner owner() {
        return owner;
    }

    PoolableSmtpConnection connection() {
        return connection;
    }

    void sent() {
        messages++;
    }

    int messages() {
        return messages;
    }

    void idle(long now) {
        idleSince = now;
    }

    long idleSince() {
        return idleSince;
    }

    long openedAt() {
        return openedAt;
    }

    void retire() {
        retired = true;
    }

    boolean retired() {
        return retired;
    }
}
