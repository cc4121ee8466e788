package postern.imap.pool;

/** Tells credentials apart without being one; means nothing outside this process. */
record CredentialFingerprint(String hmac) {}
