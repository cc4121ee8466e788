package postern.discovery;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.ImapServer;
import postern.provider.MailServer;
import postern.provider.SignIn;
import postern.provider.SmtpServer;
import postern.provider.UsernameForm;

/** What was found for a domain. */
sealed interface FoundServers {

    Source source();

    /** Who told. */
    enum Source {
        SERVER,
        PRESET,
        AUTOCONFIG,
        SRV,
        MX
    }

    /** A server that the gateway knows. */
    record Known(Source source, MailServer server) implements FoundServers {}

    /** A server that a stranger's host names, and that the gateway does not know. */
    record Foreign(
            Source source,
            ImapServer imap,
            @Nullable SmtpServer smtp,
            UsernameForm username,
            Set<SignIn> signIn)
            implements FoundServers {}
}
