package postern.provider;

/** A way for a user to sign in at a provider. */
public enum SignIn {
    /** The password of the account. */
    PASSWORD,
    /** A password made in the provider's settings for one program. */
    APP_PASSWORD,
    /** A code made in the provider's settings, as NetEase and Tencent call their app passwords. */
    AUTHORIZATION_CODE,
    /** A password that a local bridge program shows. */
    BRIDGE_PASSWORD,
    /** An OAuth access token. */
    OAUTH
}
