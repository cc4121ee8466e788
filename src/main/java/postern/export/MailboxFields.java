package postern.export;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;

/**
 * The header fields in which mail programs store flags in an mbox, which are removed from the
 * message; and the fields with the time of arrival, which are only read.
 */
final class MailboxFields {

    private static final int SEEN = 0x1;
    private static final int REPLIED = 0x2;
    private static final int MARKED = 0x4;
    private static final int EXPUNGED = 0x8;
    private static final int FORWARDED = 0x1000;

    private final Set<Flag> flags = new LinkedHashSet<>();
    private @Nullable String received;
    private @Nullable String date;
    private boolean inReceived;
    private boolean dropped;

    /** Processes a line of the header; returns whether it must be removed. */
    boolean take(String line) {
        if (line.startsWith(" ") || line.startsWith("\t")) {
            if (inReceived) {
                received += " " + line.strip();
            }
            return dropped;
        }
        int colon = Math.max(0, line.indexOf(':'));
        var name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        var value = colon == 0 ? "" : line.substring(colon + 1).strip();
        inReceived = name.equals("received") && received == null;
        dropped = false;
        switch (name) {
            case "received" -> {
                if (inReceived) {
                    received = value;
                }
            }
            case "date" -> date = date == null ? value : date;
            default -> dropped = flags(name, value);
        }
        return dropped;
    }

    private boolean flags(String name, String value) {
        switch (name) {
            case "status" -> letters(value, "R", Flag.SEEN);
            case "x-status" -> {
                letters(value, "A", Flag.ANSWERED);
                letters(value, "F", Flag.FLAGGED);
                letters(value, "T", Flag.DRAFT);
                letters(value, "D", Flag.DELETED);
            }
            case "x-keywords", "x-mozilla-keys" -> keywords(value);
            case "x-mozilla-status" -> mozilla(value);
            case "x-mozilla-status2", "x-uid", "x-imap", "x-imapbase", "content-length" -> {
                // metadata of the mbox file, no longer valid
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void letters(String value, String letter, Flag flag) {
        if (value.contains(letter)) {
            flags.add(flag);
        }
    }

    private void keywords(String value) {
        for (var word : value.split("[\\s,]+")) {
            var flag = new Flag(word);
            if (flag.keyword() && flag.storable() && flags.size() < 100) {
                flags.add(flag);
            }
        }
    }

    private void mozilla(String value) {
        int bits;
        try {
            bits = Integer.parseInt(value, 16);
        } catch (NumberFormatException _) {
            return;
        }
        bit(bits, SEEN, Flag.SEEN);
        bit(bits, REPLIED, Flag.ANSWERED);
        bit(bits, MARKED, Flag.FLAGGED);
        bit(bits, EXPUNGED, Flag.DELETED);
        bit(bits, FORWARDED, new Flag("$Forwarded"));
    }

    private void bit(int bits, int bit, Flag flag) {
        if ((bits & bit) != 0) {
            flags.add(flag);
        }
    }

    Set<Flag> flags() {
        return flags;
    }

    /** The date after the last semicolon of the first Received (RFC 5321 §4.4). */
    @Nullable String received() {
        var trace = received;
        return trace == null ? null : trace.substring(trace.lastIndexOf(';') + 1).strip();
    }

    @Nullable String date() {
        return date;
    }
}
