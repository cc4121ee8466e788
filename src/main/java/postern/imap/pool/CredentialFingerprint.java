package postern.imap.pool;

import postern.account.Account;
import postern.account.LoginHashes;

/**
 * A keyed hash that tells credentials apart without revealing them; meaningless outside this
 * process.
 */
record CredentialFingerprint(String hmac) {

    static CredentialFingerprint of(Account account, LoginHashes hashes) {
        return new CredentialFingerprint(hashes.of(account));
    }
}
