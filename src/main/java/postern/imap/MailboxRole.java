package postern.imap;

import java.util.Locale;
import java.util.Optional;

/** The role of a mailbox (RFC 6154, named as in RFC 8621 §2). */
public enum MailboxRole {
    INBOX(""),
    DRAFTS("\\Drafts"),
    SENT("\\Sent"),
    TRASH("\\Trash"),
    JUNK("\\Junk"),
    ARCHIVE("\\Archive"),
    ALL("\\All"),
    FLAGGED("\\Flagged"),
    IMPORTANT("\\Important");

    private final String attribute;

    MailboxRole(String attribute) {
        this.attribute = attribute;
    }

    /** The attribute of RFC 6154; empty for INBOX, which is known by its name. */
    public String attribute() {
        return attribute;
    }

    /** The role as JSON and URLs spell it, such as {@code "drafts"}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<MailboxRole> ofId(String id) {
        for (var role : values()) {
            if (role.id().equals(id)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }

    /** The role of a LIST attribute, in any case: Cyrus sends {@code \drafts}. */
    public static Optional<MailboxRole> ofAttribute(String attribute) {
        for (var role : values()) {
            if (role.attribute.equalsIgnoreCase(attribute) && role != INBOX) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
