package postern.mailbox;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.SelectedState;
import postern.imap.message.Flag;

/**
 * The keywords of a mailbox, as the mail server tells them when it is opened.
 *
 * @param inUse in alphabetical order; null where the server does not say
 * @param mayCreate whether others can be stored; null where the server does not say
 */
record MailboxKeywords(@Nullable List<String> inUse, @Nullable Boolean mayCreate) {

    private static final MailboxKeywords UNKNOWN = new MailboxKeywords(null, null);

    /** Upper bound on the keywords that are told; people use some ten. */
    private static final int MOST = 1_000;

    /**
     * Opens the mailbox for writing: to EXAMINE most servers answer that no flag is kept, as
     * nothing can be stored. Messages are not changed by it.
     */
    static MailboxKeywords of(ImapConnection connection, MailboxName name) {
        try (var mailbox = connection.select(name, Access.READ_WRITE)) {
            return of(mailbox.state());
        } catch (ImapException.PermissionDenied
                | ImapException.MailboxNotFound
                | ImapException.MailboxInUse
                | ImapException.NotPossible _) {
            return UNKNOWN;
        }
    }

    private static MailboxKeywords of(SelectedState state) {
        return new MailboxKeywords(names(state.flags()), mayCreate(state));
    }

    private static @Nullable Boolean mayCreate(SelectedState state) {
        if (state.readOnly()) {
            return false;
        }
        return state.permanentFlags() == null ? null : state.newKeywords();
    }

    private static @Nullable List<String> names(@Nullable Set<Flag> flags) {
        return flags == null
                ? null
                : flags.stream()
                        .filter(flag -> flag.keyword() && flag.storable())
                        .map(Flag::name)
                        .sorted()
                        .limit(MOST)
                        .toList();
    }
}
