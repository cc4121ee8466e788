package postern.imap.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.command.Command;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.SelectionState;
import postern.imap.client.wire.FetchParser;
import postern.imap.client.wire.HeaderFallback;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchRequest.BySequenceNumber;
import postern.imap.message.FetchedMessage;
import postern.imap.message.UidSet;

/**
 * Builds the messages of a FETCH that has ended. Items that the server left out or sent in an
 * invalid form are fetched once more; a message that still lacks some is degraded. Messages that it
 * left out of a FETCH by sequence numbers are fetched once more as well; the FETCH fails when they
 * are still missing.
 */
final class FetchAnswer {

    // Each may include a header, which is kept in memory until the message is complete.
    private static final int COMPLETED_AT_ONCE = 16;
    // More gaps in the sequence numbers than this count as a fault of the server.
    private static final int MOST_GAPS = 20;

    private final CommandChannel channel;
    private final FetchCommand fetch;
    private final boolean mayRefetch;
    private final List<FetchedMessage> messages = new ArrayList<>();
    private final List<FetchParser> incomplete = new ArrayList<>();

    /**
     * @param mayRefetch whether omitted messages may be fetched again
     */
    private FetchAnswer(CommandChannel channel, FetchCommand fetch, boolean mayRefetch) {
        this.channel = channel;
        this.fetch = fetch;
        this.mayRefetch = mayRefetch;
    }

    /**
     * The messages in ascending UIDs.
     *
     * @param known the number of messages in the mailbox when the command was sent
     */
    static List<FetchedMessage> of(
            CommandChannel channel, SelectionState selection, FetchCommand fetch, long known) {
        long now = selection.state().messages();
        var messages = new FetchAnswer(channel, fetch, true).messages(known, now);
        messages.forEach(message -> selection.uidSeen(message.uid()));
        return messages;
    }

    private List<FetchedMessage> messages(long known, long now) {
        if (!fetch.ok() && expungedMeanwhile(now)) {
            return List.of();
        }
        fetch.throwUnlessOk();
        var found = fetch.found();
        for (var parser : found) {
            boolean headerFields =
                    !mayRefetch || fetch.hasHeaderFields(parser, channel.state().fetchExtras());
            if (fetch.isComplete(parser) && !fetch.items().fromHeader() && headerFields) {
                messages.add(parser.message());
            } else {
                incomplete.add(parser);
            }
        }
        if (fetch.messages() instanceof BySequenceNumber(long first, long last)) {
            long expected = Math.min(last, known) - first + 1 - fetch.expunged();
            if (found.size() < expected) {
                fetchGaps(gaps(found, first, Math.min(now, first + expected - 1)));
            }
        }
        fetchMissingItems();
        return messages;
    }

    /**
     * Whether the FETCH was refused because messages were expunged at the NOOP, so that it named
     * sequence numbers past the end.
     */
    private boolean expungedMeanwhile(long now) {
        return fetch.messages() instanceof BySequenceNumber(long first, long last)
                && fetch.found().isEmpty()
                && (first > now || last != BySequenceNumber.END && last > now);
    }

    /** The ranges of sequence numbers for which the server sent nothing. */
    private static List<BySequenceNumber> gaps(List<FetchParser> found, long first, long last) {
        var gaps = new ArrayList<BySequenceNumber>();
        long next = first;
        for (var number : found.stream().map(FetchParser::sequenceNumber).sorted().toList()) {
            if (number > next) {
                gaps.add(new BySequenceNumber(next, number - 1));
            }
            next = Math.max(next, number + 1);
        }
        if (next <= last) {
            gaps.add(new BySequenceNumber(next, last));
        }
        return gaps;
    }

    private void fetchGaps(List<BySequenceNumber> gaps) {
        if (!mayRefetch || gaps.size() > MOST_GAPS) {
            throw messagesMissing();
        }
        for (var gap : gaps) {
            var request = FetchRequest.places(gap.first(), gap.last(), fetch.items());
            var command = new FetchCommand(request, channel.capabilities());
            channel.run(command);
            messages.addAll(
                    new FetchAnswer(channel, command, false).messages(gap.last(), gap.last()));
        }
        messages.sort(Comparator.comparingLong(FetchedMessage::uid));
    }

    private static ImapException messagesMissing() {
        return new ImapException.ProtocolError(
                "the mail server leaves messages out of its answer", null, null);
    }

    /** Fetches missing items; messages that lack the same items share a command. */
    private void fetchMissingItems() {
        if (incomplete.isEmpty()) {
            return;
        }
        var groups = new LinkedHashMap<FetchItems, List<FetchParser>>();
        for (var parser : incomplete) {
            groups.computeIfAbsent(missing(parser), _ -> new ArrayList<>()).add(parser);
        }
        groups.forEach((items, parsers) -> {
            for (int from = 0; from < parsers.size(); from += COMPLETED_AT_ONCE) {
                int to = Math.min(parsers.size(), from + COMPLETED_AT_ONCE);
                fetchItems(parsers.subList(from, to), items);
            }
        });
        messages.sort(Comparator.comparingLong(FetchedMessage::uid));
    }

    /** The items to fetch again; invalid ones are not, since the server would repeat them. */
    private FetchItems missing(FetchParser parser) {
        var requested = fetch.items();
        var missing = EnumSet.noneOf(FetchItem.class);
        boolean header = false;
        for (var item : requested.items()) {
            boolean lacking = parser.missing(FetchParser.mandatory(Set.of(item))) != 0;
            boolean described = item == FetchItem.ENVELOPE || item == FetchItem.BODY_STRUCTURE;
            header |= lacking && described;
            if (lacking && !(described && requested.fromHeader()) && !parser.unreadable(item)) {
                missing.add(item);
            }
        }
        var sections = fetch.sections().stream().filter(it -> !parser.received(it)).toList();
        var items = new FetchItems(missing, sections);
        boolean more = header && !sections.contains(HeaderFallback.HEADER);
        return more && !parser.received(HeaderFallback.HEADER)
                ? items.with(HeaderFallback.HEADER)
                : items;
    }

    private void fetchItems(List<FetchParser> parsers, FetchItems items) {
        boolean nothingMissing = items.items().isEmpty() && items.sections().isEmpty();
        var commands = new ArrayList<FetchCommand>();
        var uids = parsers.stream().map(FetchParser::uid).filter(uid -> uid != 0).toList();
        if (!uids.isEmpty() && !nothingMissing) {
            var request = FetchRequest.uids(UidSet.of(uids), items);
            commands.add(new FetchCommand(request, channel.capabilities()));
        }
        for (var parser : parsers) {
            if (parser.uid() == 0) {
                var request =
                        FetchRequest.places(
                                parser.sequenceNumber(), parser.sequenceNumber(), items);
                commands.add(new FetchCommand(request, channel.capabilities()));
            }
        }
        if (!commands.isEmpty()) {
            channel.exchange(List.copyOf(commands));
        }
        // A failed FETCH of header fields alone does not discard the rest of the messages.
        if (!headerFieldsOnly(items)) {
            commands.forEach(Command::throwUnlessOk);
        }
        noteHeaderFields(items, commands);
        for (var parser : parsers) {
            var second = secondAnswer(parser, commands);
            boolean expunged = commands.stream().anyMatch(command -> command.expunged() > 0);
            if (second != null || parser.uid() != 0 && !expunged) {
                addMessage(parser, second);
            } else if (!expunged) {
                throw new ImapException.ProtocolError(
                        "the mail server does not tell which message it speaks of", null, null);
            }
        }
    }

    private boolean headerFieldsOnly(FetchItems requested) {
        var headerFields = fetch.items().headerFields();
        return headerFields != null
                && requested.items().isEmpty()
                && requested.sections().equals(List.of(headerFields));
    }

    private void noteHeaderFields(FetchItems requested, List<FetchCommand> commands) {
        var headerFields = fetch.items().headerFields();
        if (headerFields != null && requested.sections().contains(headerFields)) {
            var found = commands.stream().flatMap(command -> command.found().stream()).toList();
            if (found.stream().noneMatch(parser -> parser.received(headerFields))) {
                channel.state().fetchExtras().noteHeaderFieldsMissing();
            }
        }
    }

    private static @Nullable FetchParser secondAnswer(
            FetchParser first, List<FetchCommand> commands) {
        for (var command : commands) {
            for (var parser : command.found()) {
                if (first.uid() == 0
                        ? parser.firstSequenceNumber() == first.sequenceNumber()
                                && parser.uid() != 0
                        : parser.uid() == first.uid()) {
                    return parser;
                }
            }
        }
        return null;
    }

    private void addMessage(FetchParser parser, @Nullable FetchParser second) {
        if (second != null) {
            parser.complete(second);
        }
        if (fetch.messages() instanceof FetchRequest.ByUid(var uids)
                && !uids.contains(parser.uid())) {
            return; // unsolicited data of another message
        }
        var items = fetch.items();
        boolean envelope =
                items.items().contains(FetchItem.ENVELOPE) && parser.lacks(FetchItem.ENVELOPE);
        boolean structure =
                items.items().contains(FetchItem.BODY_STRUCTURE)
                        && parser.lacks(FetchItem.BODY_STRUCTURE);
        boolean whole = fetch.isComplete(parser) && !items.fromHeader();
        messages.add(
                envelope || structure
                        ? HeaderFallback.rebuilt(
                                parser.message(),
                                envelope,
                                structure,
                                items.sections().contains(HeaderFallback.HEADER))
                        : parser.message(!whole));
    }
}
