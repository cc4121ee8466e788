package postern.message.metadata;

import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.web.problem.InvalidRequest;

/** Parses query parameters; errors name the parameter. */
public final class QueryParameters {

    private QueryParameters() {}

    public static @Nullable String text(String parameter, @Nullable String text) {
        if (text != null && !isLine(text)) {
            throw refused(parameter, "must be a text without control characters");
        }
        return text;
    }

    /**
     * Whether it can be searched for: not empty, without NUL, which IMAP cannot express, and
     * without line ends, which no header has.
     */
    public static boolean isLine(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= 0x20 && c != 0x7f);
    }

    public static @Nullable DayOrInstant moment(String parameter, @Nullable String text) {
        return text == null
                ? null
                : DayOrInstant.parse(text)
                        .orElseThrow(
                                () -> refused(parameter, "must be an RFC 3339 date or date-time"));
    }

    public static @Nullable Flag keyword(String parameter, @Nullable String keyword) {
        return keyword == null
                ? null
                : Keywords.flag(keyword)
                        .orElseThrow(() -> refused(parameter, "is no keyword that can be stored"));
    }

    /** RFC 9051 §9 allows 63 bits; servers of RFC 3501 accept 32. */
    public static @Nullable Long octets(String parameter, @Nullable Long octets) {
        if (octets != null && (octets < 0 || octets > 4_294_967_295L)) {
            throw refused(parameter, "must be from 0 to 4294967295");
        }
        return octets;
    }

    private static InvalidRequest refused(String parameter, String detail) {
        return InvalidRequest.parameter(parameter, detail);
    }
}
