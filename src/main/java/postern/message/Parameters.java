package postern.message;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.imap.Flag;
import postern.web.InvalidRequest;

/** Reads query parameters; what cannot be is refused with the parameter's name. */
final class Parameters {

    private Parameters() {}

    /** All fields when none is named; {@code id} comes in any case. */
    static Set<MessageField> fields(String parameter, @Nullable List<String> names) {
        if (names == null) {
            return MessageField.ALL;
        }
        var others = names.stream().filter(name -> !name.equals("id")).toList();
        return words(parameter, others, MessageField::ofId);
    }

    static Set<Include> include(String parameter, @Nullable List<String> words) {
        return words(parameter, words == null ? List.of() : words, Include::ofId);
    }

    private static <T extends Enum<T>> Set<T> words(
            String parameter, List<String> words, Function<String, Optional<T>> meaning) {
        var all = new HashSet<T>();
        for (var word : words) {
            var known = meaning.apply(word);
            all.add(known.orElseThrow(() -> refused(parameter, "does not know " + quoted(word))));
        }
        return Set.copyOf(all);
    }

    private static String quoted(String word) {
        return "\"" + (word.length() > 50 ? word.substring(0, 50) + "…" : word) + "\"";
    }

    /** A text to search for: IMAP has no way to say NUL, and no header has line ends. */
    static @Nullable String text(String parameter, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.chars().anyMatch(Character::isISOControl))) {
            throw refused(parameter, "must be a text without control characters");
        }
        return text;
    }

    static @Nullable Moment moment(String parameter, @Nullable String text) {
        return text == null
                ? null
                : Moment.parse(text)
                        .orElseThrow(
                                () -> refused(parameter, "must be an RFC 3339 date or date-time"));
    }

    static @Nullable Flag keyword(String parameter, @Nullable String keyword) {
        return keyword == null
                ? null
                : Keywords.flag(keyword)
                        .orElseThrow(() -> refused(parameter, "is no keyword that can be stored"));
    }

    /** RFC 9051 §9: a number of 63 bits at most; what servers of RFC 3501 take has 32. */
    static @Nullable Long octets(String parameter, @Nullable Long octets) {
        if (octets != null && (octets < 0 || octets > 4_294_967_295L)) {
            throw refused(parameter, "must be from 0 to 4294967295");
        }
        return octets;
    }

    private static InvalidRequest refused(String parameter, String detail) {
        return InvalidRequest.parameter(parameter, detail);
    }
}
