package postern.imap.pool;

import postern.account.Account;
import postern.account.LoginHashes;

/**
 * Keyed hashes that tell credentials apart without revealing them; meaningless outside this
 * process.
 *
 * @param family shared by the access tokens that replaced one another in a session, so that they
 *     use the same connections
 * @param credential of this very credential, so that a refused one does no harm to its successor
 */
record CredentialFingerprint(String family, String credential) {

    static CredentialFingerprint of(Account account, LoginHashes hashes) {
        return new CredentialFingerprint(hashes.of(account), hashes.ofCredential(account));
    }

    boolean sameFamily(CredentialFingerprint other) {
        return family.equals(other.family);
    }
}
