package postern.proxy;

import java.io.IOException;

/** The proxy does not connect to the mail server. The message contains no address. */
public final class ProxyRefused extends IOException {

    private static final long serialVersionUID = 1;

    private final String message;

    ProxyRefused(String message) {
        super(message);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
