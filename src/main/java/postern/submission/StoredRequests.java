package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.part.HeaderField;
import postern.message.part.MessageIds;
import postern.smtp.OutgoingMessage;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Looks for stored messages by their Message-ID. SEARCH alone is not believed: a message that it
 * names is read, and the newest messages are read whatever it says, since an index may be late.
 */
@Component
final class StoredRequests {

    /** The newest messages of a mailbox, which are read without SEARCH. */
    private static final int NEWEST = 100;

    /** More messages with one Message-ID than anybody stores. */
    private static final int MOST_FOUND = 50;

    private static final SectionRange HEADER =
            SectionRange.first(
                    Section.headerFields("Message-ID", OutgoingMessage.REQUEST_FIELD), 16 << 10);

    private static final FetchItems ITEMS =
            FetchItems.of(FetchItem.FLAGS, FetchItem.INTERNAL_DATE).with(HEADER);

    private final ImapConnections connections;
    private final DraftClaims claims;

    StoredRequests(ImapConnections connections, DraftClaims claims) {
        this.connections = connections;
        this.claims = claims;
    }

    /**
     * What one mailbox has.
     *
     * @param messages by ascending UID
     * @param searched those that SEARCH named
     * @param whole whether every message was read
     * @param lasting whether a claim there outlives the process
     * @param exclusive whether of two claims there one wins
     */
    record Found(
            List<StoredRequest> messages,
            UidSet searched,
            boolean whole,
            boolean lasting,
            boolean exclusive) {

        /** Whether it has this message, or any where it is not known which. */
        boolean names(@Nullable MessageRef message) {
            return message == null
                    ? !messages.isEmpty()
                    : messages.stream().anyMatch(it -> it.message().equals(message));
        }

        /** Whether SEARCH named every message that is there. */
        boolean searchable() {
            return messages.stream().allMatch(it -> searched.contains(it.message().uid()));
        }
    }

    /**
     * The caller holds no connection.
     *
     * @param access read-only mailboxes do not tell which keywords they keep
     */
    Found find(Account account, MailboxName name, Access access, List<String> ids) {
        try (var mailbox = connections.select(account, name, access, Lane.INTERACTIVE)) {
            mailbox.fetch(List.of()); // if it was selected before, this NOOP updates it
            long count = mailbox.state().messages();
            var searched = search(mailbox, ids);
            if (searched.size() > MOST_FOUND) {
                throw doubtful("finds too many messages with its Message-ID");
            }
            var messages = new TreeMap<Long, StoredRequest>();
            for (var each : read(mailbox, count, searched)) {
                var stored = stored(mailbox, each, ids);
                if (stored != null) {
                    messages.put(each.uid(), stored);
                }
            }
            return new Found(
                    List.copyOf(messages.values()),
                    searched,
                    count <= NEWEST,
                    claims.lasting(mailbox),
                    claims.exclusive(mailbox));
        }
    }

    /** The Message-ID of a message; null where it has none that can be looked for. */
    @Nullable String messageId(Account account, MessageRef message) {
        try (var mailbox =
                connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var header = mailbox.fetch(message.uid(), ITEMS).sections().get(HEADER);
            return header == null ? null : messageId(HeaderField.split(header));
        }
    }

    private static @Nullable String messageId(List<HeaderField.Raw> fields) {
        return HeaderField.first(fields, "message-id")
                .map(value -> MessageIds.parse(new String(value, UTF_8)))
                .filter(some -> some.size() == 1 && !some.getFirst().isEmpty())
                .map(List::getFirst)
                .orElse(null);
    }

    private static UidSet search(SelectedMailbox mailbox, List<String> ids) {
        return ids.stream()
                .<SearchTerm>map(id -> new SearchTerm.Header("Message-ID", id))
                .reduce(SearchTerm.Or::new)
                .map(mailbox::search)
                .orElse(UidSet.EMPTY);
    }

    private static List<FetchedMessage> read(SelectedMailbox mailbox, long count, UidSet searched) {
        var requests = new ArrayList<FetchRequest>();
        if (count > 0) {
            requests.add(
                    FetchRequest.places(
                            Math.max(1, count - NEWEST + 1),
                            FetchRequest.BySequenceNumber.END,
                            ITEMS));
        }
        if (!searched.isEmpty()) {
            requests.add(FetchRequest.uids(searched, ITEMS));
        }
        return requests.isEmpty()
                ? List.of()
                : mailbox.fetch(requests).stream()
                        .flatMap(List::stream)
                        .sorted(Comparator.comparingLong(FetchedMessage::uid))
                        .toList();
    }

    private static @Nullable StoredRequest stored(
            SelectedMailbox mailbox, FetchedMessage message, List<String> ids) {
        var header = message.sections().get(HEADER);
        if (header == null) {
            return null;
        }
        var fields = HeaderField.split(header);
        var found = messageId(fields);
        if (found == null || !ids.contains(found)) {
            return null;
        }
        var request =
                HeaderField.first(fields, OutgoingMessage.REQUEST_FIELD.toLowerCase(Locale.ROOT))
                        .map(value -> new String(value, UTF_8).strip())
                        .orElse(null);
        return new StoredRequest(
                mailbox.message(message.uid()),
                found,
                message.flags() == null ? Set.of() : message.flags(),
                message.internalDate(),
                request);
    }

    static ProblemException doubtful(String reason) {
        return new ProblemException(
                ProblemCode.SUBMISSION_UNKNOWN,
                "it is not known whether an earlier request with this `Idempotency-Key` has sent"
                        + " the message: the mail server's search "
                        + reason);
    }
}
