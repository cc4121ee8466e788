package postern.imap.client.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.FetchParser;
import postern.imap.client.wire.HeaderFallback;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchListener;
import postern.imap.message.FetchRequest;
import postern.imap.message.SectionRange;

/** FETCH by sequence numbers or UID FETCH (RFC 9051 §6.4.5, §6.4.9). */
public class FetchCommand extends Command {

    /** The memory for a message without the values of its items, in octets. */
    private static final int MESSAGE = 400;

    private final FetchRequest.Messages messages;
    private final FetchItems items;
    private final List<SectionRange> sections;
    private final Capabilities capabilities;
    private final FetchListener listener;
    private final int mandatory;
    private final List<FetchParser> parsers = new ArrayList<>();
    private final Map<Long, FetchParser> bySequenceNumber = new LinkedHashMap<>();
    private long expunged;

    public FetchCommand(FetchRequest request, Capabilities capabilities) {
        this(request, capabilities, FetchListener.NONE);
    }

    public FetchCommand(FetchRequest request, Capabilities capabilities, FetchListener listener) {
        super("FETCH");
        this.listener = listener;
        this.messages = request.messages();
        this.items = request.items();
        this.sections = sections(items);
        this.mandatory = FetchParser.mandatory(items.items());
        this.capabilities = capabilities;
    }

    public boolean bySequenceNumber() {
        return messages instanceof FetchRequest.BySequenceNumber;
    }

    public FetchRequest.Messages messages() {
        return messages;
    }

    public FetchItems items() {
        return items;
    }

    @Override
    public void write(CommandLine line) {
        switch (messages) {
            case FetchRequest.ByUid(var uids) -> line.uid("FETCH", uids);
            case FetchRequest.BySequenceNumber(long first, long last) ->
                    line.words(
                            "FETCH "
                                    + first
                                    + ":"
                                    + (last == FetchRequest.BySequenceNumber.END ? "*" : last));
        }
        line.words(itemWords());
    }

    @Override
    public String itemNames() {
        var words = items.items().stream().flatMap(this::word).sorted();
        var bodies = sections.stream().map(_ -> "BODY[]");
        return Stream.concat(Stream.of("UID"), Stream.concat(words, bodies))
                .collect(Collectors.joining(" "));
    }

    private String itemWords() {
        var words = items.items().stream().flatMap(this::word).sorted();
        var bodies = sections.stream().map(range -> "BODY.PEEK" + wire(range));
        return Stream.concat(Stream.of("UID"), Stream.concat(words, bodies))
                .collect(Collectors.joining(" ", " (", ")"));
    }

    private Stream<String> word(FetchItem item) {
        return switch (item) {
            case EMAIL_ID -> identifier(item.wire(), "X-GM-MSGID");
            case THREAD_ID -> identifier(item.wire(), "X-GM-THRID");
            case MOD_SEQ -> capabilities.condStore() ? Stream.of(item.wire()) : Stream.empty();
            case FROM, TO, CC, AUTOMATIC, LIST, RECEIPT -> Stream.empty(); // fetched as a section
            case PREVIEW ->
                    capabilities.preview() && !items.fromHeader()
                            ? Stream.of(item.wire())
                            : Stream.empty();
            case ENVELOPE, BODY_STRUCTURE ->
                    items.fromHeader() ? Stream.empty() : Stream.of(item.wire());
            default -> Stream.of(item.wire());
        };
    }

    private Stream<String> identifier(String word, String gmailWord) {
        if (capabilities.objectId()) {
            return Stream.of(word);
        }
        return capabilities.gmail() ? Stream.of(gmailWord) : Stream.empty();
    }

    /**
     * The extensions whose items it requests; those that the server names in its refusal come
     * first.
     */
    public List<String> extensions() {
        var named = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (var item : items.items()) {
            var extension = extension(item);
            if (extension != null && word(item).findAny().isPresent()) {
                (textContains(item.wire()) ? named : others).add(extension);
            }
        }
        return Stream.concat(named.stream(), others.stream().sorted(Comparator.reverseOrder()))
                .distinct()
                .toList();
    }

    private @Nullable String extension(FetchItem item) {
        return switch (item) {
            case PREVIEW -> RefusedCapabilities.PREVIEW;
            case EMAIL_ID, THREAD_ID ->
                    capabilities.objectId() ? RefusedCapabilities.OBJECTID : null;
            case MOD_SEQ -> RefusedCapabilities.CONDSTORE;
            default -> null;
        };
    }

    private static List<SectionRange> sections(FetchItems items) {
        var sections = new ArrayList<>(items.sections());
        var fields = items.headerFields();
        if (fields != null) {
            sections.add(fields);
        }
        boolean described =
                items.items().contains(FetchItem.ENVELOPE)
                        || items.items().contains(FetchItem.BODY_STRUCTURE);
        if (items.fromHeader() && described) {
            sections.add(HeaderFallback.HEADER);
        }
        return sections;
    }

    /** All requested sections, including those that other items need. */
    public List<SectionRange> sections() {
        return sections;
    }

    /**
     * The section as it follows BODY.PEEK or BINARY.PEEK. A range of the whole section is not sent
     * as a partial fetch.
     */
    public static String wire(SectionRange range) {
        var section = "[" + range.section().wire() + "]";
        return range.offset() == 0 && range.octets() > Integer.MAX_VALUE
                ? section
                : "%s<%d.%d>"
                        .formatted(
                                section,
                                range.offset(),
                                Math.min(range.octets(), Integer.MAX_VALUE));
    }

    @Override
    public boolean take(Response response) {
        long sequenceNumber = response.messageData("FETCH");
        if (sequenceNumber < 0) {
            return false;
        }
        var parser = bySequenceNumber.get(sequenceNumber);
        if (parser == null) {
            response.charge(MESSAGE);
            parser = new FetchParser(sequenceNumber);
            bySequenceNumber.put(sequenceNumber, parser);
            parsers.add(parser);
        }
        parser.read(response, sections);
        onReceived(parser);
        if (parser.answered() && parser.uid() != 0) {
            listener.onFetched(parser.message());
        }
        return true;
    }

    /** "Not found" means the messages, unless the server's text is about the mailbox. */
    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var exception = super.refusal(code, text);
        return exception instanceof ImapException.MailboxNotFound
                        && !ServerRefusals.isAboutMailbox(code, text)
                ? new ImapException.NotPossible(
                        "the mail server does not tell of these messages", code)
                : exception;
    }

    /** Dovecot runs several FETCHes together, and sends their tagged responses after all data. */
    @Override
    public boolean sharesResponses() {
        return true;
    }

    /**
     * Removes that message and decrements the sequence numbers after it. This also applies to
     * messages that were reported earlier: when a NOOP and a FETCH are in one flush, Dovecot
     * answers the NOOP after the FETCH.
     */
    @Override
    public void expunged(long sequenceNumber) {
        expunged++;
        var expungedParser = bySequenceNumber.get(sequenceNumber);
        if (expungedParser != null) {
            parsers.remove(expungedParser);
        }
        bySequenceNumber.clear();
        for (var parser : parsers) {
            parser.decrementAfter(sequenceNumber);
            bySequenceNumber.put(parser.sequenceNumber(), parser);
        }
    }

    /** Called after each response about a message; its UID is 0 until the server sends it. */
    void onReceived(FetchParser parser) {}

    /** The number of messages expunged during its exchange. */
    public long expunged() {
        return expunged;
    }

    /**
     * The requested messages in ascending UIDs, without unsolicited data of other messages. Those
     * without a UID come first.
     */
    public List<FetchParser> found() {
        var found = new ArrayList<FetchParser>(parsers.size());
        boolean more = requestsMoreThanFlags();
        for (var parser : parsers) {
            if ((parser.answered() || !more) && isRequested(parser)) {
                found.add(parser);
            }
        }
        found.sort(Comparator.comparingLong(FetchParser::uid));
        for (int i = found.size() - 1; i > 0; i--) {
            if (found.get(i).uid() != 0 && found.get(i).uid() == found.get(i - 1).uid()) {
                found.remove(i - 1); // the later response is the current one
            }
        }
        return found;
    }

    /** Whether the server sent every item that it must send of the message. */
    public boolean isComplete(FetchParser parser) {
        return parser.uid() != 0 && parser.missing(mandatory) == 0 && !parser.damaged();
    }

    /**
     * Whether the server sent the header fields, which exist for every message even when empty.
     * Also true on a server that never sends them, where a second request would be useless.
     */
    public boolean hasHeaderFields(FetchParser parser, FetchExtras extras) {
        var fields = items.headerFields();
        return fields == null || parser.received(fields) || !extras.headerFieldsSupported();
    }

    /** Whether a message of which only the flags were sent is still incomplete. */
    private boolean requestsMoreThanFlags() {
        return !sections.isEmpty()
                || items.items().stream()
                        .filter(item -> item != FetchItem.FLAGS && item != FetchItem.MOD_SEQ)
                        .flatMap(this::word)
                        .findAny()
                        .isPresent();
    }

    private boolean isRequested(FetchParser parser) {
        return switch (messages) {
            // A message without a UID is accepted for now; its UID is found out later.
            case FetchRequest.ByUid(var uids) ->
                    parser.uid() == 0 ? parsers.size() <= uids.size() : uids.contains(parser.uid());
            case FetchRequest.BySequenceNumber(long first, long last) ->
                    first <= parser.firstSequenceNumber() && parser.firstSequenceNumber() <= last;
        };
    }
}
