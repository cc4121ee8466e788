package postern.message.part;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import postern.imap.Capabilities;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

/**
 * Reads the MIME headers of parts to find what BODYSTRUCTURE lacks: types that the server could not
 * parse (Dovecot sends {@code "" ""}), and names that it cut at a space. Most messages do not need
 * this and cost nothing.
 */
public final class PartHeaders {

    /** On a page nearly all messages need the same part; the rest is fetched in several flushes. */
    private static final int MOST_AT_ONCE = 32;

    private PartHeaders() {}

    /**
     * The items to fetch so that these can be filled in. On a server that hides which types it
     * could not parse, the header itself is fetched too, some 80 octets per message.
     */
    public static FetchItems asked(FetchItems items, Capabilities capabilities) {
        return capabilities.hidesTypes() && items.items().contains(FetchItem.BODY_STRUCTURE)
                ? items.with(DoubtfulPart.OF_MESSAGE)
                : items;
    }

    /** As {@link #asked(FetchItems, Capabilities)}, for a request. */
    public static FetchRequest asked(FetchRequest request, Capabilities capabilities) {
        return new FetchRequest(request.messages(), asked(request.items(), capabilities));
    }

    /**
     * Whether any of these messages has a part of unknown type, or parts missing in BODYSTRUCTURE.
     */
    public static boolean untyped(List<FetchedMessage> messages, Capabilities capabilities) {
        return messages.stream()
                .anyMatch(message ->
                        PartFinder.untoldInList(message)
                                || !DoubtfulPart.ofTypes(message, capabilities).isEmpty());
    }

    /**
     * The messages with the types of all parts, as lists need them. One flush for all messages that
     * need it; none when there are none.
     */
    public static List<FetchedMessage> typed(
            SelectedMailbox mailbox, List<FetchedMessage> messages) {
        return typed(mailbox, new OptionalFetch(mailbox), messages);
    }

    /** As above, with requests that may fail without failing the list. */
    public static List<FetchedMessage> typed(
            SelectedMailbox mailbox, OptionalFetch extra, List<FetchedMessage> told) {
        var messages = PartFinder.listed(extra, told);
        var doubts = new LinkedHashMap<Long, List<DoubtfulPart>>();
        for (var message : messages) {
            var doubted = DoubtfulPart.ofTypes(message, mailbox.capabilities());
            if (!doubted.isEmpty()) {
                doubts.put(message.uid(), doubted);
            }
        }
        return doubts.isEmpty() ? messages : mended(extra, messages, doubts);
    }

    /** Whether the structure of this message has the right names of all parts. */
    public static boolean named(FetchedMessage message, Capabilities capabilities) {
        return message.bodyStructure() != null
                && !message.degraded()
                && DoubtfulPart.ofAll(message, capabilities).isEmpty();
    }

    /** The messages with the types and names of all parts; requests may fail. */
    public static List<FetchedMessage> named(
            SelectedMailbox mailbox, OptionalFetch extra, List<FetchedMessage> told) {
        var messages = PartFinder.listed(extra, told);
        var doubts = new LinkedHashMap<Long, List<DoubtfulPart>>();
        for (var message : messages) {
            var doubted = DoubtfulPart.ofAll(message, mailbox.capabilities());
            if (!doubted.isEmpty()) {
                doubts.put(message.uid(), doubted);
            }
        }
        return doubts.isEmpty() ? messages : mended(extra, messages, doubts);
    }

    /** As {@link #typed}, with guessed types, when the headers cannot be read now. */
    public static List<FetchedMessage> guessed(
            List<FetchedMessage> messages, Capabilities capabilities) {
        return messages.stream()
                .map(message -> {
                    var doubted = DoubtfulPart.ofTypes(message, capabilities);
                    return doubted.isEmpty()
                            ? message
                            : mended(message, doubted, message.sections(), true);
                })
                .toList();
    }

    /** The message with the types and names of all parts, as opening it needs them. */
    public static FetchedMessage whole(SelectedMailbox mailbox, FetchedMessage message) {
        var doubted = DoubtfulPart.ofAll(message, mailbox.capabilities());
        return doubted.isEmpty()
                ? message
                : mended(
                                new OptionalFetch(mailbox),
                                List.of(message),
                                Map.of(message.uid(), doubted))
                        .getFirst();
    }

    private static List<FetchedMessage> mended(
            OptionalFetch extra,
            List<FetchedMessage> messages,
            Map<Long, List<DoubtfulPart>> doubts) {
        var unread = new LinkedHashMap<Long, List<DoubtfulPart>>();
        for (var message : messages) {
            var missing =
                    doubts.getOrDefault(message.uid(), List.of()).stream()
                            .filter(doubt -> doubt.header(message.sections()) == null)
                            .toList();
            if (!missing.isEmpty()) {
                unread.put(message.uid(), missing);
            }
        }
        var fetched = fetch(extra, unread);
        var mended = new ArrayList<FetchedMessage>(messages.size());
        for (var message : messages) {
            var doubted = doubts.get(message.uid());
            if (doubted == null) {
                mended.add(message);
            } else {
                var headers = new HashMap<>(message.sections());
                headers.putAll(fetched.getOrDefault(message.uid(), Map.of()));
                boolean open =
                        extra.failed()
                                && unread.containsKey(message.uid())
                                && !fetched.containsKey(message.uid());
                mended.add(mended(message, doubted, headers, open));
            }
        }
        return mended;
    }

    private static Map<Long, Map<SectionRange, byte[]>> fetch(
            OptionalFetch extra, Map<Long, List<DoubtfulPart>> doubts) {
        var bySections = new LinkedHashMap<List<SectionRange>, List<Long>>();
        doubts.forEach((uid, doubted) -> {
            var sections = doubted.stream().map(DoubtfulPart::range).distinct().toList();
            bySections.computeIfAbsent(sections, _ -> new ArrayList<>()).add(uid);
        });
        var requests = new ArrayList<FetchRequest>();
        bySections.forEach((sections, uids) ->
                requests.add(
                        FetchRequest.uids(UidSet.of(uids), new FetchItems(Set.of(), sections))));
        var headers = new HashMap<Long, Map<SectionRange, byte[]>>();
        for (int from = 0; from < requests.size(); from += MOST_AT_ONCE) {
            int to = Math.min(requests.size(), from + MOST_AT_ONCE);
            // Types are guessed for messages whose headers the server refuses to send.
            extra.fetch(
                    requests.subList(from, to),
                    answer -> answer.forEach(it -> headers.put(it.uid(), it.sections())),
                    uid -> headers.put(uid, Map.of()));
        }
        return headers;
    }

    /**
     * @param open whether the headers could not be read this time; the guess is then not cached
     */
    private static FetchedMessage mended(
            FetchedMessage message,
            List<DoubtfulPart> doubted,
            Map<SectionRange, byte[]> headers,
            boolean open) {
        var parts = new HashMap<String, BodyPart>();
        for (var doubt : doubted) {
            parts.put(doubt.part().partId(), doubt.mended(doubt.header(headers)));
        }
        boolean reworded =
                doubted.stream()
                        .map(DoubtfulPart::part)
                        .anyMatch(part -> reworded(part, parts.getOrDefault(part.partId(), part)));
        var structure = message.bodyStructure();
        return new FetchedMessage(
                message.place(),
                message.uid(),
                message.flags(),
                message.modSeq(),
                message.internalDate(),
                message.size(),
                message.envelope(),
                structure == null ? null : replaced(structure, parts),
                // A preview that the server made of a part whose type it cannot parse is wrong, if
                // there is any.
                reworded ? null : message.preview(),
                message.emailId(),
                message.threadId(),
                message.sections(),
                message.degraded() || open);
    }

    /** Whether the part is text, and the server described it as another type. */
    private static boolean reworded(BodyPart told, BodyPart mended) {
        return mended.type().equals("text") && !mended.mediaType().equals(told.mediaType());
    }

    /** Replaces leaves only: an attached message and its multipart body have the same part id. */
    private static BodyPart replaced(BodyPart part, Map<String, BodyPart> parts) {
        var mended = part.children().isEmpty() ? parts.get(part.partId()) : null;
        if (mended != null) {
            return mended;
        }
        return part.children().isEmpty()
                ? part
                : part.withChildren(
                        part.children().stream().map(child -> replaced(child, parts)).toList());
    }
}
