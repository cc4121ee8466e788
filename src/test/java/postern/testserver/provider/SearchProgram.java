package postern.testserver.provider;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;

/** The search keys of RFC 9051 §6.4.4 that the gateway sends. */
final class SearchProgram {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d-MMM-uuuu", Locale.ENGLISH);

    private final Words words;
    private final long lastUid;

    private SearchProgram(Words words, long lastUid) {
        this.words = words;
        this.lastUid = lastUid;
    }

    /** All keys must hold. */
    static Predicate<ProviderMessage> read(Words words, long lastUid) {
        return new SearchProgram(words, lastUid).all();
    }

    private Predicate<ProviderMessage> all() {
        Predicate<ProviderMessage> keys = _ -> true;
        while (!words.atEnd() && !words.at(')')) {
            keys = keys.and(key());
        }
        return keys;
    }

    private Predicate<ProviderMessage> key() {
        var key = words.upper();
        return switch (key) {
            case "(" -> {
                var group = all();
                words.next();
                yield group;
            }
            case "ALL" -> _ -> true;
            case "NOT" -> key().negate();
            case "OR" -> key().or(key());
            case "UID" -> uids(words.next());
            case "SEEN", "ANSWERED", "FLAGGED", "DELETED", "DRAFT" ->
                    message -> message.flagged("\\" + key);
            case "UNSEEN", "UNDELETED" -> message -> !message.flagged("\\" + key.substring(2));
            case "KEYWORD" -> flag(words.next());
            case "FROM", "TO", "CC", "BCC", "SUBJECT" -> field(key, words.next());
            case "HEADER" -> field(words.next(), words.next());
            case "TEXT" -> text(words.next());
            case "BODY" -> body(words.next());
            case "SINCE", "SENTSINCE" -> since(words.next());
            case "BEFORE", "SENTBEFORE" -> since(words.next()).negate();
            case "LARGER" -> larger(Long.parseLong(words.next()));
            case "SMALLER" -> smaller(Long.parseLong(words.next()));
            case "X-GM-RAW" -> text(words.next());
            case "X-GM-THRID" -> thread(words.next());
            case "THREADID" -> thread(words.next().substring(1));
            default -> throw new IllegalArgumentException("unknown search key " + key);
        };
    }

    private Predicate<ProviderMessage> uids(String set) {
        return message -> ProviderMailbox.contains(set, message.uid, lastUid);
    }

    private static Predicate<ProviderMessage> flag(String flag) {
        return message -> message.flagged(flag);
    }

    private static Predicate<ProviderMessage> field(String name, String text) {
        return message -> contains(message.field(name), text);
    }

    private static Predicate<ProviderMessage> text(String text) {
        return message -> contains(message.content, text);
    }

    private static Predicate<ProviderMessage> body(String text) {
        return message -> contains(message.body(), text);
    }

    private static Predicate<ProviderMessage> since(String day) {
        boolean holds = !ProviderMessage.ARRIVED.toLocalDate().isBefore(LocalDate.parse(day, DAY));
        return _ -> holds;
    }

    private static Predicate<ProviderMessage> larger(long octets) {
        return message -> message.content.length() > octets;
    }

    private static Predicate<ProviderMessage> smaller(long octets) {
        return message -> message.content.length() < octets;
    }

    private static Predicate<ProviderMessage> thread(String id) {
        return message -> String.valueOf(message.emailId).equals(id);
    }

    private static boolean contains(String whole, String part) {
        return whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
