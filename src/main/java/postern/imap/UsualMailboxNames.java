package postern.imap;

import java.text.Normalizer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import postern.wordlist.WordList;

/** The names that mail programs and webmail services give to mailboxes with a role. */
final class UsualMailboxNames {

    private static final Set<MailboxRole> NAMED =
            EnumSet.of(
                    MailboxRole.DRAFTS,
                    MailboxRole.SENT,
                    MailboxRole.TRASH,
                    MailboxRole.JUNK,
                    MailboxRole.ARCHIVE);

    /** The most usual first; English first, since servers create these by default. */
    private static final Map<MailboxRole, List<String>> NAMES =
            read(WordList.read(UsualMailboxNames.class, "usual-mailbox-names.txt"));

    /** Some servers keep all mailboxes, or all with a role, below one of these. */
    private static final List<String> ROOTS = List.of("inbox", "[gmail]", "[google mail]");

    private UsualMailboxNames() {}

    private static Map<MailboxRole, List<String>> read(WordList list) {
        var names = new EnumMap<MailboxRole, List<String>>(MailboxRole.class);
        for (var role : NAMED) {
            names.put(
                    role,
                    list.words(role.name().toLowerCase(Locale.ROOT)).stream()
                            .map(UsualMailboxNames::normalized)
                            .distinct()
                            .toList());
        }
        return names;
    }

    static Set<MailboxRole> roles() {
        return NAMES.keySet();
    }

    /**
     * The usual names for a role, the most usual first, normalised as by {@link
     * #of(ListedMailbox)}.
     */
    static List<String> of(MailboxRole role) {
        return NAMES.getOrDefault(role, List.of());
    }

    /**
     * The normalised name of a mailbox; empty if the mailbox is too deep in the tree to have a
     * role.
     */
    static Optional<String> of(ListedMailbox mailbox) {
        var delimiter = mailbox.delimiter();
        var name = mailbox.name().decoded();
        if (delimiter == null) {
            return Optional.of(normalized(name));
        }
        int first = name.indexOf(delimiter);
        if (first >= 0 && ROOTS.contains(name.substring(0, first).toLowerCase(Locale.ROOT))) {
            name = name.substring(first + 1);
        }
        return name.indexOf(delimiter) >= 0 ? Optional.empty() : Optional.of(normalized(name));
    }

    /** Normalises Unicode form, apostrophes, case and spaces. */
    private static String normalized(String name) {
        return Normalizer.normalize(
                name.toLowerCase(Locale.ROOT)
                        .replace('’', '\'')
                        .replace('_', ' ')
                        .strip()
                        .replaceAll("\\s+", " "),
                Normalizer.Form.NFC);
    }
}
