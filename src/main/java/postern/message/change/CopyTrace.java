package postern.message.change;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
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
 * By what the copies of messages can be found when nobody knows whether they were made: they have
 * UIDs that were not given yet, and the size and the header fields of their originals. It is made
 * before anything is copied; several threads may add to it.
 */
public final class CopyTrace {

    private static final SectionRange HEADER =
            SectionRange.first(
                    Section.headerFields("DATE", "FROM", "MESSAGE-ID", "SUBJECT"), 8 << 10);

    /** What it takes to recognise a message. */
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
     * Null where the mail server does not tell old messages of the destination from new ones; why
     * that is the copying itself will tell.
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

    /** Notes what these messages look like; what cannot be read of them is not noted. */
    public void note(SelectedMailbox mailbox, UidSet uids) {
        try {
            for (var piece : uids.pieces()) {
                mailbox.fetch(piece, ITEMS).forEach(message -> note(mailbox, message));
            }
        } catch (ImapException _) {
            // whether they can be copied is still to be seen
        }
    }

    /** The same of a message that was fetched with {@link #ITEMS}. */
    void note(SelectedMailbox mailbox, FetchedMessage message) {
        var fingerprint = fingerprint(message);
        if (fingerprint != null) {
            fingerprints.put(mailbox.message(message.uid()), fingerprint);
        }
    }

    /** Null for one that is not told whole. */
    static @Nullable String fingerprint(FetchedMessage message) {
        var header = message.sections().get(HEADER);
        if (header == null || message.size() == null) {
            return null;
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((message.size() + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(header);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Null for a message that was not noted. */
    @Nullable String fingerprintOf(MessageRef message) {
        return fingerprints.get(message);
    }

    MailboxName destination() {
        return destination;
    }

    long uidValidity() {
        return uidValidity;
    }

    /** Copies have this UID or a higher one. */
    long uidNext() {
        return uidNext;
    }

    /** An attempt has ended, and left it open what was copied. */
    public void ended() {
        ended = Instant.now();
    }

    /** Waits until what the server was still at has been done. */
    void awaitSettled() {
        SettlingTime.await(ended);
    }

    /** How much memory it takes, more or less. */
    public int octets() {
        return OCTETS_EACH * (1 + fingerprints.size());
    }
}
