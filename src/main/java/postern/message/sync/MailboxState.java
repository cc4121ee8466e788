package postern.message.sync;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.digest.Sha256;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.SelectedState;
import postern.imap.message.MessageFlags;
import postern.imap.message.UidSet;
import postern.web.id.OpaqueText;
import postern.web.id.SyncState;
import postern.web.problem.InvalidRequest;

/**
 * What a mailbox was like at some time: all that is needed to tell later what has changed since.
 *
 * @param accountTag of the account that it was made for
 * @param nameHash a hash of the name that it had, where the mailbox is not identified by it; else 0
 * @param identity a hash of what tells the mailbox from others with the same UIDVALIDITY
 * @param uidNext all messages of that time have lower UIDs
 * @param messages how many there were
 * @param highestModSeq 0 where the mail server had no mod-sequences (RFC 7162)
 * @param witnesses a few messages whose mod-sequences show whether the server still has the index
 *     that HIGHESTMODSEQ is of
 * @param snapshot null where the mail server itself remembers what it expunged (QRESYNC)
 */
record MailboxState(
        AccountTag accountTag,
        int nameHash,
        int identity,
        long uidValidity,
        long uidNext,
        long messages,
        long highestModSeq,
        List<Witness> witnesses,
        @Nullable StoredSnapshot snapshot) {

    static final int MOST_WITNESSES = 3;

    /** Beside the number of witnesses: a hash of the name follows. */
    private static final int HAS_NAME = 4;

    /** A message and its mod-sequence at the time of the state. */
    record Witness(long uid, long modSeq) {}

    /**
     * A snapshot, or where it is.
     *
     * @param octets null where it is too large for a token
     * @param digest identifies it in the shared state; null where the octets are here
     */
    record StoredSnapshot(byte @Nullable [] octets, byte @Nullable [] digest) {

        static final int DIGEST_OCTETS = 16;

        static byte[] digest(byte[] octets) {
            return Arrays.copyOf(Sha256.of(octets), DIGEST_OCTETS);
        }
    }

    static int identity(MailboxName mailbox, SelectedState state) {
        return identity(mailbox, state.mailboxId());
    }

    static int identity(MailboxName mailbox, @Nullable String mailboxId) {
        return hash(mailboxId == null ? "name " + mailbox.wire() : "id " + mailboxId);
    }

    /** Not 0. */
    static int nameHash(MailboxName mailbox) {
        return hash("called " + mailbox.wire()) | 1;
    }

    private static int hash(String text) {
        return ByteBuffer.wrap(Sha256.of(text)).getInt();
    }

    /** The same state of a mailbox that has this name now. */
    MailboxState named(MailboxName mailbox) {
        return new MailboxState(
                accountTag,
                nameHash(mailbox),
                identity,
                uidValidity,
                uidNext,
                messages,
                highestModSeq,
                witnesses,
                snapshot);
    }

    /** Whether no message has had a UID yet, as {@link MailboxStatus#neverUsed}. */
    boolean neverUsed() {
        return messages == 0 && uidNext == 1;
    }

    /** The messages that existed, as far as the state itself can say. */
    UidSet known() {
        return uidNext > 1 ? UidSet.range(1, uidNext - 1) : UidSet.EMPTY;
    }

    UidSet witnessUids() {
        return UidSet.of(witnesses.stream().map(Witness::uid).toList());
    }

    /**
     * Of these messages those with the highest mod-sequences: they are lost with an index first.
     */
    static List<Witness> witnesses(List<MessageFlags> candidates, long uidNext, long highest) {
        return candidates.stream()
                .filter(it -> it.uid() < uidNext && it.modSeq() != null && it.modSeq() <= highest)
                .map(it -> new Witness(it.uid(), it.modSeq()))
                .distinct()
                .sorted((a, b) -> Long.compare(b.modSeq(), a.modSeq()))
                .limit(MOST_WITNESSES)
                .toList();
    }

    SyncState token() {
        var out = new ByteArrayOutputStream();
        OpaqueText.putTag(out, accountTag);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(identity).array());
        OpaqueText.putNumber(out, uidValidity);
        OpaqueText.putNumber(out, uidNext);
        OpaqueText.putNumber(out, messages);
        OpaqueText.putNumber(out, highestModSeq);
        OpaqueText.putNumber(out, witnesses.size() + (nameHash == 0 ? 0 : HAS_NAME));
        if (nameHash != 0) {
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(nameHash).array());
        }
        for (var witness : witnesses) {
            OpaqueText.putNumber(out, witness.uid());
            OpaqueText.putNumber(out, witness.modSeq());
        }
        if (snapshot != null) {
            out.write(snapshot.octets() == null ? 'r' : 's');
            out.writeBytes(snapshot.octets() == null ? snapshot.digest() : snapshot.octets());
        }
        return SyncState.of(out);
    }

    /** The state that a caller sent; throws 400 where it is none. */
    static MailboxState required(SyncState token) {
        try {
            return of(token);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.parameter("since", "is not a state");
        }
    }

    /** Throws IllegalArgumentException where {@link #token} cannot have made it. */
    static MailboxState of(SyncState token) {
        var in = token.payload().order(ByteOrder.BIG_ENDIAN);
        var tag = OpaqueText.tag(in);
        if (in.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("ends too early");
        }
        int identity = in.getInt();
        long uidValidity = OpaqueText.number(in);
        long uidNext = uid(OpaqueText.number(in));
        long messages = OpaqueText.number(in);
        long highestModSeq = OpaqueText.number(in);
        long head = OpaqueText.number(in);
        int nameHash = (head & HAS_NAME) == 0 ? 0 : nameHash(in);
        var witnesses = new ArrayList<Witness>();
        for (long left = head & (HAS_NAME - 1); left > 0; left--) {
            witnesses.add(new Witness(uid(OpaqueText.number(in)), OpaqueText.number(in)));
        }
        return new MailboxState(
                tag,
                nameHash,
                identity,
                uidValidity,
                uidNext,
                messages,
                highestModSeq,
                List.copyOf(witnesses),
                in.hasRemaining() ? snapshot(in) : null);
    }

    private static int nameHash(ByteBuffer in) {
        if (in.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("ends too early");
        }
        return in.getInt();
    }

    private static long uid(long number) {
        if (number < 1 || number > UidSet.MAX) {
            throw new IllegalArgumentException("has a UID that cannot be");
        }
        return number;
    }

    private static StoredSnapshot snapshot(ByteBuffer in) {
        byte kind = in.get();
        var rest = new byte[in.remaining()];
        in.get(rest);
        if (kind == 's' && rest.length <= Snapshots.MOST_IN_TOKEN) {
            return new StoredSnapshot(rest, null);
        }
        if (kind == 'r' && rest.length == StoredSnapshot.DIGEST_OCTETS) {
            return new StoredSnapshot(null, rest);
        }
        throw new IllegalArgumentException("has no snapshot that can be");
    }
}
