package postern.account;

import java.util.Locale;

/** How the connection to a mail server is protected (RFC 8314). */
public enum Security {
    /** TLS from the first octet, usually on port 993. */
    TLS(993),
    /** Plain at first, upgraded by STARTTLS before login, usually on port 143. */
    STARTTLS(143),
    /** Not protected at all: for servers on the same host or network. */
    NONE(143);

    private final int defaultPort;

    Security(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    public int defaultPort() {
        return defaultPort;
    }

    /** As it is configured, such as {@code starttls}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
