package postern.provider;

import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;

/**
 * A mail server that the gateway knows.
 *
 * @param name what {@code createSession} calls it
 * @param allowed whether the gateway connects to it
 * @param provider what is known of it
 * @param sslBundle the Spring SSL bundle whose authorities are trusted for it
 */
public record MailServer(
        String name,
        Source source,
        boolean allowed,
        Provider provider,
        @Nullable String sslBundle) {

    /** Who told of a server. */
    public enum Source {
        /** The operator configured it. */
        SERVER,
        /** The file of presets. */
        PRESET
    }

    public ImapServer imap() {
        return provider.imap();
    }
}
