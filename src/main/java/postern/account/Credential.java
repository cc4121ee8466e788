package postern.account;

/** Proves the user's identity to the mail server. */
public sealed interface Credential permits Password, AccessToken, OAuthGrant {

    /** The octets that distinguish this credential from others; never to be logged or stored. */
    byte[] secret();

    /**
     * The octets shared by the credentials that replace one another in a session, each of which the
     * mail server has accepted; never to be logged or stored.
     */
    default byte[] familySecret() {
        return secret();
    }
}
