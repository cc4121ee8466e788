package postern.account;

/** Proves the user's identity to the mail server. */
public sealed interface Credential permits Password {

    /** The octets that distinguish this credential from others; never to be logged or stored. */
    byte[] secret();
}
