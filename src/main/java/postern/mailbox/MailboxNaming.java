package postern.mailbox;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Makes the full names of new mailboxes. */
record MailboxNaming(MailboxHierarchy hierarchy, Capabilities capabilities) {

    /** A name at the top level of the personal namespace. */
    MailboxName atTop(String name) {
        var prefix = hierarchy.personalPrefix();
        if (prefix.isEmpty() && name.startsWith("#")) {
            // RFC 9051 §5.1.1; GreenMail closes the connection.
            throw InvalidRequest.at("/name", "cannot begin with #, as namespaces do");
        }
        return name("/name", prefix, level(name, hierarchy.topDelimiter()));
    }

    /** Throws {@code not-possible} if the mailbox cannot have children. */
    MailboxName below(ListedMailbox parent, String name) {
        var prefix = hierarchy.prefixBelow(parent);
        if (prefix == null) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE, "there can be no mailboxes below the parent");
        }
        return name("/name", prefix, level(name, parent.delimiter()));
    }

    /** A name with the same parent, which need not be listed. */
    MailboxName beside(ListedMailbox mailbox, String name) {
        var delimiter = mailbox.delimiter();
        var wire = mailbox.name().wire();
        int end = delimiter == null ? -1 : wire.lastIndexOf(delimiter, wire.length() - 2);
        return name("/name", wire.substring(0, end + 1), level(name, delimiter));
    }

    MailboxName ofPath(String path) {
        var delimiter = hierarchy.topDelimiter();
        if (path.startsWith("#") && hierarchy.personalPrefix().isEmpty()) {
            throw InvalidRequest.at("/path", "cannot begin with #, as namespaces do");
        }
        if (delimiter != null) {
            var twice = delimiter.toString() + delimiter;
            if (path.contains(twice)
                    || path.endsWith(delimiter.toString())
                    || path.startsWith(delimiter.toString())) {
                throw InvalidRequest.at(
                        "/path", "has a level without a name: '" + delimiter + "' separates them");
            }
        }
        return name("/path", "", text("/path", path));
    }

    private static String level(String name, @Nullable Character delimiter) {
        var text = text("/name", name);
        if (delimiter != null && text.indexOf(delimiter) >= 0) {
            throw InvalidRequest.at(
                    "/name",
                    "cannot have '%s' in it, which separates levels on this mail server"
                            .formatted(delimiter));
        }
        return text;
    }

    /** RFC 9051 §5.1: no control characters, and normalised to NFC. */
    private static String text(String pointer, String name) {
        if (name.isBlank()) {
            throw InvalidRequest.at(pointer, "must not be blank");
        }
        if (name.codePoints().anyMatch(MailboxNaming::unfit)) {
            throw InvalidRequest.at(pointer, "has a control character or half a character in it");
        }
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static boolean unfit(int character) {
        return Character.isISOControl(character)
                || character == 0x2028
                || character == 0x2029
                || Character.getType(character) == Character.SURROGATE;
    }

    private MailboxName name(String pointer, String prefix, String name) {
        try {
            return MailboxName.of(prefix, name, capabilities);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at(pointer, "is too long");
        }
    }
}
