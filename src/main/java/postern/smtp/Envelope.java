package postern.smtp;

import java.util.List;
import java.util.Set;

/**
 * Who sends a message to whom (RFC 5321 §2.3.1), whatever its header says.
 *
 * @param mailFrom where delivery reports go; empty where nobody wants them (RFC 5321 §4.5.5)
 * @param reports when the server reports about a recipient (RFC 3461 §4.1); empty leaves it to the
 *     server
 * @param allOrNothing whether nothing is sent if the server refuses any recipient
 */
public record Envelope(
        String mailFrom, List<String> recipients, Set<Report> reports, boolean allOrNothing) {

    /** An event that a delivery report is wanted for. */
    public enum Report {
        SUCCESS,
        FAILURE,
        DELAY
    }

    public Envelope {
        recipients = List.copyOf(recipients);
        reports = Set.copyOf(reports);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
        if (!mailFrom.isEmpty() && !sendable(mailFrom)
                || !recipients.stream().allMatch(Envelope::sendable)) {
            throw new IllegalArgumentException("an address could end the command that names it");
        }
    }

    public Envelope(String mailFrom, List<String> recipients) {
        this(mailFrom, recipients, Set.of(), false);
    }

    /** Whether an address needs SMTPUTF8 (RFC 6531). */
    public boolean international() {
        return !ascii(mailFrom) || !recipients.stream().allMatch(Envelope::ascii);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Spaces and angle brackets are possible only in quotes, where no mail system needs them. */
    private static boolean sendable(String address) {
        return !address.isEmpty()
                && address.length() <= 600
                && address.chars().allMatch(c -> c > 0x20 && c != 0x7f && c != '<' && c != '>');
    }
}
