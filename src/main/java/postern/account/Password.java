package postern.account;

import java.nio.charset.StandardCharsets;

/** A password for LOGIN or AUTHENTICATE PLAIN. */
public record Password(String value) implements Credential {

    public Password {
        if (!Account.sendable(value)) {
            throw new IllegalArgumentException("a password has no NUL, CR or LF");
        }
    }

    @Override
    public byte[] secret() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Password[]";
    }
}
