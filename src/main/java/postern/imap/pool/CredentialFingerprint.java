package postern.imap.pool;

import postern.account.Credential;
import postern.digest.KeyedHash;

/**
 * A keyed hash that tells credentials apart without revealing them; meaningless outside this
 * process.
 */
record CredentialFingerprint(String hmac) {

    static CredentialFingerprint of(Credential credential, KeyedHash hash) {
        return new CredentialFingerprint(hash.of(credential.secret()));
    }
}
