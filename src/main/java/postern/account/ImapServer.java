package postern.account;

/** The address of a mail server and how its connection is protected. */
public record ImapServer(String host, int port, Security security) {

    public ImapServer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the mail server's host is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "port %d is not between 1 and 65535".formatted(port));
        }
    }

    /** As the operator reads it in the log, such as {@code mail.example.org:993 (tls)}. */
    public String logged() {
        return "%s:%d (%s)"
                .formatted(host.contains(":") ? "[" + host + "]" : host, port, security.word());
    }

    @Override
    public String toString() {
        return "%s:%d/%s".formatted(host, port, security);
    }
}
