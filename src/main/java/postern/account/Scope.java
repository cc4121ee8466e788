package postern.account;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A kind of operations that a narrowed token may carry out. */
public enum Scope {
    /** Lists, reads, searches and exports. */
    READ,
    /** Stores new messages, and replaces drafts. */
    DRAFT,
    /** Keywords, moves, copies; creates and renames mailboxes. */
    ORGANIZE,
    /** Deletes messages and mailboxes. */
    DELETE,
    /** Sends messages. */
    SEND;

    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
