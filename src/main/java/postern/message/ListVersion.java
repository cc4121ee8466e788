package postern.message;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.digest.Sha256;
import postern.imap.SelectedState;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.web.id.OpaqueText;

/**
 * What a mailbox was like before a page of its list was read. As long as it is like that the page
 * is the same, and need not be read again.
 *
 * <p>A mail server that lost its index counts mod-sequences anew and may come to the same ones.
 * Therefore a few messages are witnesses, with their mod-sequences and flags.
 *
 * @param request a hash of all that the page depends on besides the mailbox
 * @param flags a hash of the flags of the witnesses
 */
record ListVersion(
        long request,
        long uidValidity,
        long uidNext,
        long messages,
        long highestModSeq,
        List<Witness> witnesses,
        int flags) {

    static final int MOST_WITNESSES = 3;

    private static final Pattern TAG = Pattern.compile("W/\"v([A-Za-z0-9_-]{20,160})\\.[^\"]*\"");

    /** A message and its mod-sequence. */
    record Witness(long uid, long modSeq) {}

    /**
     * Null where the mail server has no mod-sequences, or does not tell all that is needed.
     *
     * @param before the mailbox before the page was read
     * @param page the messages of the page
     */
    static @Nullable ListVersion of(long request, SelectedState before, List<FetchedMessage> page) {
        var highest = before.highestModSeq();
        if (highest == null || highest <= 0 || before.uidNext() <= 0) {
            return null;
        }
        var witnesses =
                page.stream()
                        .filter(it -> it.modSeq() != null && it.flags() != null)
                        .sorted(Comparator.comparingLong(ListVersion::modSeq).reversed())
                        .limit(MOST_WITNESSES)
                        .toList();
        if (witnesses.isEmpty() && before.messages() > 0) {
            return null;
        }
        return new ListVersion(
                request,
                before.uidValidity(),
                before.uidNext(),
                before.messages(),
                highest,
                witnesses.stream().map(it -> new Witness(it.uid(), modSeq(it))).toList(),
                flags(witnesses));
    }

    private static long modSeq(FetchedMessage message) {
        var modSeq = message.modSeq();
        return modSeq == null ? 0 : modSeq;
    }

    UidSet uids() {
        return UidSet.of(witnesses.stream().map(Witness::uid).toList());
    }

    /**
     * Whether the mailbox is as it was.
     *
     * @param fetched the witnesses that exist now, and perhaps other messages
     */
    boolean holds(SelectedState now, Collection<FetchedMessage> fetched) {
        var highest = now.highestModSeq();
        var uids = uids();
        var seen =
                fetched.stream()
                        .filter(it -> it.flags() != null && uids.contains(it.uid()))
                        .toList();
        var modSeqs = new TreeMap<Long, Long>();
        seen.forEach(it -> modSeqs.put(it.uid(), modSeq(it)));
        return highest != null
                && highest == highestModSeq
                && now.uidValidity() == uidValidity
                && now.uidNext() == uidNext
                && now.messages() == messages
                && seen.size() == witnesses.size()
                && witnesses.stream().allMatch(it -> it.modSeq == modSeqs.getOrDefault(it.uid, -1L))
                && flags(seen) == flags;
    }

    private static int flags(Collection<FetchedMessage> messages) {
        var text = new TreeMap<Long, String>();
        for (var message : messages) {
            var names = new TreeSet<String>();
            if (message.flags() != null) {
                message.flags().stream()
                        .filter(it -> !it.equals(Flag.RECENT))
                        .forEach(it -> names.add(it.name().toLowerCase(Locale.ROOT)));
            }
            text.put(message.uid(), String.join(" ", names));
        }
        return ByteBuffer.wrap(Sha256.of(text.toString())).getInt();
    }

    /** As a part of an ETag. */
    String text() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(request).array());
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(flags).array());
        OpaqueText.putNumber(out, uidValidity);
        OpaqueText.putNumber(out, uidNext);
        OpaqueText.putNumber(out, messages);
        OpaqueText.putNumber(out, highestModSeq);
        for (var witness : witnesses) {
            OpaqueText.putNumber(out, witness.uid);
            OpaqueText.putNumber(out, witness.modSeq);
        }
        return "v" + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    /** The version in an ETag of a list; null where it has none. */
    static @Nullable ListVersion in(String tag) {
        var matcher = TAG.matcher(tag);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return of(ByteBuffer.wrap(Base64.getUrlDecoder().decode(matcher.group(1))));
        } catch (IllegalArgumentException _) {
            return null; // a caller made it up
        }
    }

    private static @Nullable ListVersion of(ByteBuffer in) {
        if (in.remaining() < Long.BYTES + Integer.BYTES) {
            return null;
        }
        long request = in.getLong();
        int flags = in.getInt();
        long uidValidity = OpaqueText.number(in);
        long uidNext = OpaqueText.number(in);
        long messages = OpaqueText.number(in);
        long highestModSeq = OpaqueText.number(in);
        var witnesses = new ArrayList<Witness>();
        while (in.hasRemaining()) {
            var witness = new Witness(OpaqueText.number(in), OpaqueText.number(in));
            if (witness.uid < 1 || witness.uid > UidSet.MAX || witnesses.size() == MOST_WITNESSES) {
                return null;
            }
            witnesses.add(witness);
        }
        return new ListVersion(
                request, uidValidity, uidNext, messages, highestModSeq, witnesses, flags);
    }
}
