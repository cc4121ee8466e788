package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.Rights;
import postern.web.problem.InvalidRequest;

/// The rights that somebody shall have, and no others: by name, where what is absent is not
/// granted, or as the mail server's own `letters`.
///
/// @param mayReadItems Read messages.
/// @param mayAddItems Add messages.
/// @param mayRemoveItems Delete messages, or move them away.
/// @param maySetSeen Change `$seen`.
/// @param maySetKeywords Change other keywords.
/// @param mayCreateChild Create mailboxes below it.
/// @param mayRename Rename or move it; granted together with `mayDelete`.
/// @param mayDelete Delete it; granted together with `mayRename`.
/// @param mayAdminister See and change who has which rights.
/// @param letters The letters (RFC 4314 §2.1), instead of all else.
@Schema(example = "{\"mayReadItems\": true, \"maySetSeen\": true}")
record RightsRequest(
        @Schema(example = "true") @Nullable Boolean mayReadItems,
        @Nullable Boolean mayAddItems,
        @Nullable Boolean mayRemoveItems,
        @Schema(example = "true") @Nullable Boolean maySetSeen,
        @Nullable Boolean maySetKeywords,
        @Nullable Boolean mayCreateChild,
        @Nullable Boolean mayRename,
        @Nullable Boolean mayDelete,
        @Nullable Boolean mayAdminister,
        @Schema(pattern = "^[a-z0-9]*$") @Nullable String letters) {

    /** Throws InvalidRequest if the names and the letters contradict each other. */
    RightsRequest checked() {
        if (letters == null) {
            return this;
        }
        if (!named(true).isEmpty()) {
            throw InvalidRequest.at("/letters", "cannot go with rights by name");
        }
        try {
            new Rights(letters);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at("/letters", "must be lower-case letters and digits");
        }
        return this;
    }

    Rights rights(Capabilities capabilities) {
        return new Rights(letters == null ? named(capabilities.newRights()) : letters);
    }

    /** RFC 4314 §2.1.1: older servers have fewer letters, each for several of the new rights. */
    private String named(boolean newRights) {
        return granted(mayReadItems, "lr")
                + granted(mayAddItems, "i")
                + granted(mayRemoveItems, newRights ? "te" : "d")
                + granted(maySetSeen, "s")
                + granted(maySetKeywords, "w")
                + granted(mayCreateChild, newRights ? "k" : "c")
                + granted(mayRename, newRights ? "x" : "c")
                + granted(mayDelete, newRights ? "x" : "c")
                + granted(mayAdminister, "a");
    }

    private static String granted(@Nullable Boolean wanted, String letters) {
        return Boolean.TRUE.equals(wanted) ? letters : "";
    }
}
