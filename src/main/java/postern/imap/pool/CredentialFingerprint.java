package postern.imap.pool;

/**
 * A keyed hash that tells credentials apart without revealing them; meaningless outside this
 * process.
 */
record CredentialFingerprint(String hmac) {}
