package postern.account;

/** What proves to the mail server that the caller is the user. */
public sealed interface Credential permits Password {

    /** The octets that tell this credential from any other; never to be logged or stored. */
    byte[] secret();
}
