package postern.message.change;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

/**
 * Recorded before messages are copied, to find the copies if the tagged response is lost: copies
 * have a UID from the destination's UIDNEXT on, and the size and header fields of their originals.
 * Thread-safe.
 */
public final class CopyTrace {

    private static final SectionRange HEADER =
            SectionRange.first(
                    Section.headerFields("DATE", "FROM", "MESSAGE-ID", "SUBJECT"), 8 << 10);

    /** The items that a fingerprint is made of. */
    static final FetchItems ITEMS = FetchItems.of(FetchItem.FLAGS, FetchItem.SIZE).with(HEADER);

    private static final int OCTETS_EACH = 400;

    private final MailboxName destination;
    private final long uidValidity;
    private final long uidNext;
    private final Map<MessageRef, String> fingerprints = new ConcurrentHashMap<>();
    private volatile Instant ended = Instant.now();

    private CopyTrace(MailboxName destination, long uidValidity, long uidNext) {
        this.destination = destination;
        this.uidValidity = uidValidity;
        this.uidNext = uidNext;
    }

    /**
     * Null when the server does not report UIDNEXT and UIDVALIDITY of the destination; any error
     * that causes this will be reported by the copy command itself.
     */
    public static @Nullable CopyTrace before(ImapConnection connection, MailboxName destination) {
        try {
            var status = connection.status(destination);
            var uidValidity = status.uidValidity();
            var uidNext = status.uidNext();
            return uidValidity == null || uidNext == null
                    ? null
                    : new CopyTrace(destination, uidValidity, uidNext);
        } catch (ImapException _) {
            return null;
        }
    }

    /** Records the fingerprints of these messages; messages that cannot be read are skipped. */
    public void note(SelectedMailbox mailbox, UidSet uids) {
        try {
            for (var piece : uids.pieces()) {
                mailbox.fetch(piece, ITEMS).forEach(message -> note(mailbox, message));
            }
        } catch (ImapException _) {
            // the copy command will report the error
        }
    }

    /** As above, for a message that was fetched with {@link #ITEMS}. */
    void note(SelectedMailbox mailbox, FetchedMessage message) {
        var fingerprint = fingerprint(message);
        if (fingerprint != null) {
            fingerprints.put(mailbox.message(message.uid()), fingerprint);
        }
    }

    /** Null when the server did not send all items. */
    static @Nullable String fingerprint(FetchedMessage message) {
        var header = message.sections().get(HEADER);
        if (header == null || message.size() == null) {
            return null;
        }
        var digest = Sha256.start();
        digest.update((message.size() + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(header);
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    /** Null for a message without a recorded fingerprint. */
    @Nullable String fingerprintOf(MessageRef message) {
        return fingerprints.get(message);
    }

    MailboxName destination() {
        return destination;
    }

    long uidValidity() {
        return uidValidity;
    }

    /** A copy has this UID or a higher one. */
    long uidNext() {
        return uidNext;
    }

    /** Records that a copy has ended with an unknown outcome. */
    public void ended() {
        ended = Instant.now();
    }

    /**
     * Waits until the server has finished commands that were running when the connection was lost.
     */
    void awaitSettled() {
        SettlingTime.await(ended);
    }

    /** Approximate memory use in octets. */
    public int octets() {
        return OCTETS_EACH * (1 + fingerprints.size());
    }
}
