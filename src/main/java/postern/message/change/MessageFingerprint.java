package postern.message.change;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.message.metadata.FoundUids;
import postern.message.part.HeaderField;

/**
 * Properties that a copy shares with its original, to find the copy on a server without UIDPLUS
 * (RFC 4315).
 */
record MessageFingerprint(RawText messageId, long size, @Nullable Instant internalDate) {

    private static final FetchItems ITEMS =
            FetchItems.of(FetchItem.ENVELOPE, FetchItem.SIZE, FetchItem.INTERNAL_DATE);

    /** Upper bound on the newest messages with the same Message-ID that are compared. */
    private static final int MOST = 50;

    /** Null when the server reports the copy itself, or when the copy would not be identifiable. */
    static @Nullable MessageFingerprint where(SelectedMailbox mailbox, long uid) {
        return mailbox.capabilities().uidPlus() ? null : of(mailbox.fetch(uid, ITEMS)).orElse(null);
    }

    /**
     * The fingerprint of a message that is about to be appended; null when it has no Message-ID.
     */
    static @Nullable MessageFingerprint announced(List<HeaderField.Raw> header, long size) {
        return HeaderField.first(header, "message-id")
                .map(value ->
                        new RawText(
                                new String(value, StandardCharsets.ISO_8859_1)
                                        .strip()
                                        .getBytes(StandardCharsets.ISO_8859_1)))
                .filter(MessageFingerprint::searchable)
                .map(id -> new MessageFingerprint(id, size, null))
                .orElse(null);
    }

    private static Optional<MessageFingerprint> of(FetchedMessage message) {
        var id = message.envelope() == null ? null : message.envelope().messageId();
        return id == null || message.size() == null || !searchable(id)
                ? Optional.empty()
                : Optional.of(new MessageFingerprint(id, message.size(), message.internalDate()));
    }

    private static boolean searchable(RawText id) {
        return !id.toString().isBlank()
                && StandardCharsets.US_ASCII.newEncoder().canEncode(id.toString());
    }

    /** The newest message that matches: the copy just made, or an equal one made since. */
    @Nullable MessageRef newest(SelectedMailbox mailbox) {
        var candidates = new FoundUids(mailbox.search(term())).newest(MOST);
        if (candidates.isEmpty()) {
            return null;
        }
        return mailbox.fetch(candidates, ITEMS).reversed().stream()
                .filter(message -> of(message).filter(this::equals).isPresent())
                .findFirst()
                .map(FetchedMessage::uid)
                .map(mailbox::message)
                .orElse(null);
    }

    /**
     * The only message that matches and arrived since; null when there is none or more than one.
     */
    @Nullable MessageRef only(SelectedMailbox mailbox, long uidNext) {
        var since = new SearchTerm.Uids(UidSet.from(uidNext));
        var found = mailbox.search(new SearchTerm.And(List.of(since, term())));
        if (found.isEmpty() || found.size() > MOST) {
            return null;
        }
        var alike =
                mailbox.fetch(found, ITEMS).stream()
                        .filter(message -> of(message).filter(this::sameLetter).isPresent())
                        .map(FetchedMessage::uid)
                        .toList();
        return alike.size() == 1 ? mailbox.message(alike.getFirst()) : null;
    }

    private boolean sameLetter(MessageFingerprint other) {
        return messageId.equals(other.messageId) && size == other.size;
    }

    /**
     * Without the size: Courier searches by the size of its file, where a line end is one octet.
     */
    private SearchTerm term() {
        return new SearchTerm.Header("Message-ID", messageId.toString());
    }
}
