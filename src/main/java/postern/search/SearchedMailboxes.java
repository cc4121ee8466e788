package postern.search;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.message.FetchedMessage;
import postern.message.part.PartHeaders;

/**
 * Asks all mailboxes of a search in as few flushes as possible. A mailbox that fails is left out;
 * the other mailboxes are not affected.
 */
final class SearchedMailboxes {

    private final SearchContext search;
    private final List<SkippedMailbox> skipped = new ArrayList<>();

    SearchedMailboxes(SearchContext search) {
        this.search = search;
    }

    /** The mailboxes that failed. */
    List<SkippedMailbox> skipped() {
        return skipped;
    }

    void skip(MailboxName mailbox, ImapException reason) {
        skipped.add(SkippedMailbox.of(mailbox, reason));
    }

    /** Leaves out a mailbox that failed after it was searched. */
    void drop(MailboxResults source, ImapException reason) {
        source.drop();
        skip(source.mailbox(), reason);
    }

    /** Forgets the failures, because all mailboxes are searched again. */
    void reset() {
        skipped.clear();
    }

    /** The outcomes are in the order of the requests. */
    List<MailboxOutcome<ExaminedMailbox>> examine(List<ExamineRequest> requests) {
        return search.connections().visit(search.account(), requests);
    }

    /** Sends these requests; each FETCH that is answered goes to {@code onFetched}. */
    void fetch(
            SequencedMap<MailboxResults, ExamineRequest> requests,
            BiConsumer<MailboxResults, List<FetchedMessage>> onFetched) {
        var outcomes = examine(List.copyOf(requests.values())).iterator();
        requests.keySet()
                .forEach(source ->
                        fetched(source, outcomes.next())
                                .forEach(answer -> onFetched.accept(source, answer)));
    }

    /** Empty for mailboxes that were dropped. */
    private List<List<FetchedMessage>> fetched(
            MailboxResults source, MailboxOutcome<ExaminedMailbox> outcome) {
        return switch (outcome) {
            case MailboxOutcome.Refused<ExaminedMailbox>(var _, var reason) -> {
                drop(source, reason);
                yield List.of();
            }
            case MailboxOutcome.Done<ExaminedMailbox>(var _, var examined) -> {
                if (sameEpoch(source, examined)) {
                    yield examined.fetched().stream()
                            .map(answer -> withPartHeaders(source, answer))
                            .toList();
                }
                drop(source, new ImapException.MailboxReset());
                yield List.of();
            }
        };
    }

    static boolean sameEpoch(MailboxResults source, ExaminedMailbox examined) {
        return examined.state().uidValidity() == source.epoch().uidValidity();
    }

    /** Fetches the headers of badly described parts, which requires selecting the mailbox. */
    List<FetchedMessage> withPartHeaders(MailboxResults source, List<FetchedMessage> messages) {
        if (!PartHeaders.untyped(messages, search.capabilities())) {
            return messages;
        }
        try (var mailbox = search.select(source.epoch())) {
            return PartHeaders.typed(mailbox, messages);
        } catch (ImapException _) {
            return PartHeaders.guessed(messages, search.capabilities());
        }
    }
}
