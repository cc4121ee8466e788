package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.Rights;
import postern.web.problem.InvalidRequest;

/** The complete rights that an identifier is to have. */
@Schema(
        description =
                "The rights that somebody shall have, and no others: by name, where what is absent is"
                        + " not granted, or as the mail server's own `letters`.")
record RightsRequest(
        @Schema(description = "Read messages.", example = "true") @Nullable Boolean mayReadItems,
        @Schema(description = "Add messages.") @Nullable Boolean mayAddItems,
        @Schema(description = "Delete messages, or move them away.")
                @Nullable Boolean mayRemoveItems,
        @Schema(description = "Change `$seen`.", example = "true") @Nullable Boolean maySetSeen,
        @Schema(description = "Change other keywords.") @Nullable Boolean maySetKeywords,
        @Schema(description = "Create mailboxes below it.") @Nullable Boolean mayCreateChild,
        @Schema(description = "Rename or move it; granted together with `mayDelete`.")
                @Nullable Boolean mayRename,
        @Schema(description = "Delete it; granted together with `mayRename`.")
                @Nullable Boolean mayDelete,
        @Schema(description = "See and change who has which rights.")
                @Nullable Boolean mayAdminister,
        @Schema(description = "The letters (RFC 4314 §2.1), instead of all else.")
                @Nullable String letters) {

    /** Throws InvalidRequest if the names and the letters contradict each other. */
    Rights rights(Capabilities capabilities) {
        var named = named(capabilities.newRights());
        if (letters == null) {
            return new Rights(named);
        }
        if (!named.isEmpty()) {
            throw InvalidRequest.at("/letters", "cannot go with rights by name");
        }
        try {
            return new Rights(letters);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at("/letters", "must be lower-case letters and digits");
        }
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
