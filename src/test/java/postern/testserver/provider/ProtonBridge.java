package postern.testserver.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program beside the gateway, with STARTTLS and a certificate of its own making. An old version,
 * which refuses searches for {@code NOT DELETED}.
 */
final class ProtonBridge extends ProviderScript {

    private static final String CAPABILITIES =
            "AUTH=PLAIN ID IDLE IMAP4rev1 MOVE STARTTLS UIDPLUS UNSELECT";

    ProtonBridge() {
        super("proton-bridge");
    }

    @Override
    String greeting() {
        return "[CAPABILITY %s] Proton Mail Bridge 03.00.00 - gluon session ID 7"
                .formatted(CAPABILITIES);
    }

    @Override
    String announcedFirst() {
        return CAPABILITIES;
    }

    @Override
    String announced() {
        return CAPABILITIES;
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("INBOX", "\\HasNoChildren"),
                mailbox("All Mail", "\\All \\HasNoChildren"),
                mailbox("Archive", "\\Archive \\HasNoChildren"),
                mailbox("Drafts", "\\Drafts \\HasNoChildren"),
                mailbox("Folders", "\\HasNoChildren \\Noselect"),
                mailbox("Labels", "\\HasNoChildren \\Noselect"),
                mailbox("Sent", "\\HasNoChildren \\Sent"),
                mailbox("Spam", "\\HasNoChildren \\Junk"),
                mailbox("Starred", "\\Flagged \\HasNoChildren"),
                mailbox("Trash", "\\HasNoChildren \\Trash"));
    }

    @Override
    String passwordRefused() {
        return "NO no such user";
    }

    @Override
    String tooManyConnections() {
        return "NO too many login attempts, try again later";
    }

    @Override
    String throttled() {
        return "NO [UNAVAILABLE] the service is temporarily unavailable";
    }

    @Override
    @Nullable String refusal(String verb, String arguments, boolean identified) {
        return verb.equals("UID SEARCH") && arguments.contains("NOT DELETED")
                ? "NO bad search criteria"
                : null;
    }

    @Override
    boolean labels() {
        return true;
    }
}
