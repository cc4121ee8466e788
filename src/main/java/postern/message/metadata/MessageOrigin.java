package postern.message.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SectionRange;
import postern.message.part.HeaderField;

/**
 * What the header tells of how a message came about; each field is an item of its own.
 *
 * @param automatic in the order of the enumeration
 * @param list null where it came by none
 * @param receipt without its state; null where none is asked for
 */
public record MessageOrigin(
        List<AutomaticKind> automatic,
        @Nullable MailingList list,
        @Nullable RequestedReceipt receipt) {

    public static final MessageOrigin EMPTY = new MessageOrigin(List.of(), null, null);

    public static final Set<FetchItem> ITEMS =
            Set.copyOf(EnumSet.of(FetchItem.AUTOMATIC, FetchItem.LIST, FetchItem.RECEIPT));

    /** From a whole header, or from the fields of the items that are wanted. */
    public static MessageOrigin of(List<HeaderField.Raw> header) {
        return new MessageOrigin(
                automatic(header), MailingList.of(header), RequestedReceipt.of(header));
    }

    static MessageOrigin of(FetchedMessage message, Set<FetchItem> items) {
        var automatic = fields(message, items, FetchItem.AUTOMATIC);
        var list = fields(message, items, FetchItem.LIST);
        var receipt = fields(message, items, FetchItem.RECEIPT);
        return automatic.isEmpty() && list.isEmpty() && receipt.isEmpty()
                ? EMPTY
                : new MessageOrigin(
                        automatic(automatic), MailingList.of(list), RequestedReceipt.of(receipt));
    }

    private static List<HeaderField.Raw> fields(
            FetchedMessage message, Set<FetchItem> items, FetchItem item) {
        var header = items.contains(item) ? header(message, item) : null;
        return header == null ? List.of() : HeaderField.split(header);
    }

    /** The items of these that the message lacks, because the server left their section out. */
    static Set<FetchItem> missing(FetchedMessage message, Set<FetchItem> items) {
        var missing = new HashSet<FetchItem>();
        for (var item : items) {
            if (ITEMS.contains(item) && header(message, item) == null) {
                missing.add(item);
            }
        }
        return missing;
    }

    /** A section with all fields of the item; null where there is none, or it was cut. */
    private static byte @Nullable [] header(FetchedMessage message, FetchItem item) {
        for (var read : message.sections().entrySet()) {
            var octets = read.getValue();
            if (holds(read.getKey(), item) && octets.length > 0 && whole(read.getKey(), octets)) {
                return octets;
            }
        }
        return null;
    }

    /** A header that is longer than what is read of any is taken as it is. */
    private static boolean whole(SectionRange range, byte[] octets) {
        return octets.length < range.octets() || range.equals(HeaderLoader.WHOLE);
    }

    private static boolean holds(SectionRange range, FetchItem item) {
        var section = range.section();
        if (!section.partId().isEmpty() || range.offset() > 0) {
            return false;
        }
        return switch (section.kind()) {
            case HEADER -> true;
            case HEADER_FIELDS -> Set.copyOf(section.fields()).containsAll(item.fields());
            case BODY, TEXT, MIME -> false;
        };
    }

    private static int octetsOf(List<String> texts) {
        int sum = 24;
        for (var text : texts) {
            sum += 48 + text.length();
        }
        return sum;
    }

    /** Approximate heap use. */
    int octets() {
        int sum = 24;
        if (list != null) {
            sum += 100 + octetsOf(list.post()) + octetsOf(list.subscribe());
            sum += octetsOf(list.unsubscribe()) + octetsOf(list.help()) + octetsOf(list.archive());
        }
        if (receipt != null) {
            for (var address : receipt.to()) {
                var name = address.name();
                sum += 120 + 2 * address.email().length() + (name == null ? 0 : 2 * name.length());
            }
        }
        return sum;
    }

    private static List<AutomaticKind> automatic(List<HeaderField.Raw> header) {
        var kinds = EnumSet.noneOf(AutomaticKind.class);
        for (var field : header) {
            var value = new String(field.value(), ISO_8859_1).strip().toLowerCase(Locale.ROOT);
            switch (field.name().toLowerCase(Locale.ROOT)) {
                case "auto-submitted" -> submitted(value, kinds);
                case "x-autoreply", "x-autorespond" -> {
                    if (!value.isEmpty() && !value.equals("no")) {
                        kinds.add(AutomaticKind.AUTO_REPLIED);
                        kinds.add(AutomaticKind.VACATION);
                    }
                }
                case "precedence" -> precedence(word(value), kinds);
                case "list-id", "list-post" -> kinds.add(AutomaticKind.LIST);
                case "list-unsubscribe" -> kinds.add(AutomaticKind.BULK);
                case "content-type" -> {
                    if (report(word(value))) {
                        kinds.add(AutomaticKind.REPORT);
                    }
                }
                case "return-path" -> {
                    if (value.contains("<>")) {
                        kinds.add(AutomaticKind.NULL_RETURN_PATH);
                    }
                }
                case "x-auto-response-suppress" -> {
                    if (!value.isEmpty() && !value.equals("none")) {
                        kinds.add(AutomaticKind.REPLY_SUPPRESSED);
                    }
                }
                default -> {}
            }
        }
        return List.copyOf(kinds);
    }

    private static void submitted(String value, Set<AutomaticKind> kinds) {
        switch (word(value)) {
            case "", "no" -> {}
            case "auto-replied" -> {
                kinds.add(AutomaticKind.AUTO_REPLIED);
                if (value.contains("vacation")) {
                    kinds.add(AutomaticKind.VACATION);
                }
            }
            default -> kinds.add(AutomaticKind.AUTO_GENERATED);
        }
    }

    private static void precedence(String word, Set<AutomaticKind> kinds) {
        switch (word) {
            case "bulk", "junk" -> kinds.add(AutomaticKind.BULK);
            case "list" -> kinds.add(AutomaticKind.LIST);
            case "auto_reply" -> kinds.add(AutomaticKind.AUTO_REPLIED);
            default -> {}
        }
    }

    private static boolean report(String type) {
        return switch (type) {
            case "multipart/report",
                    "message/delivery-status",
                    "message/global-delivery-status",
                    "message/disposition-notification",
                    "message/global-disposition-notification",
                    "message/feedback-report" ->
                    true;
            default -> false;
        };
    }

    /** The first word, which parameters or a comment may follow. */
    private static String word(String value) {
        int end = 0;
        while (end < value.length() && " \t\r\n;(".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        return value.substring(0, end);
    }
}
