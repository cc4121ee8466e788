package postern.message.part;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.RawText;
import postern.mime.header.HeaderText;

/** One group of fields of a report (RFC 3464 §2.1). */
public record ReportFields(List<HeaderField.Raw> fields) {

    private static final int MOST_GROUPS = 1_000;

    private static final Pattern SPACE = Pattern.compile("\\s+");

    public static ReportFields of(String text) {
        return new ReportFields(HeaderField.split(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Splits a report into its groups, which are separated by blank lines. */
    public static List<ReportFields> groups(String text) {
        var groups = new ArrayList<ReportFields>();
        for (var block : text.strip().split("\\n[ \\t]*\\n\\s*", MOST_GROUPS)) {
            var fields = of(block);
            if (!fields.fields().isEmpty()) {
                groups.add(fields);
            }
        }
        return groups;
    }

    public @Nullable String get(String name) {
        return HeaderField.first(fields, name)
                .map(HeaderText::decode)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .orElse(null);
    }

    /** A structured field without its comments; null when nothing is left. */
    public @Nullable String structured(String name) {
        var value = get(name);
        return value == null ? null : present(HeaderComments.removed(value));
    }

    /** The first word of a structured field, in lower case. */
    public @Nullable String word(String name) {
        var value = structured(name);
        return value == null ? null : SPACE.split(value.toLowerCase(Locale.ROOT), 2)[0];
    }

    /** The value after the type of a typed field, such as {@code dns;mx.example.org}. */
    public @Nullable String untyped(String name) {
        var value = structured(name);
        return value == null ? null : present(afterType(value));
    }

    /** As {@link #untyped}, for text for people, where parentheses are not comments. */
    public @Nullable String untypedText(String name) {
        var value = get(name);
        return value == null ? null : present(afterType(value));
    }

    /** As {@link #untyped}, for an address: without the angle brackets that some servers add. */
    public @Nullable String address(String name) {
        var value = untyped(name);
        if (value == null || !value.startsWith("<") || !value.endsWith(">")) {
            return value;
        }
        return present(value.substring(1, value.length() - 1));
    }

    private static String afterType(String value) {
        return value.substring(value.indexOf(';') + 1);
    }

    private static @Nullable String present(String value) {
        var stripped = value.strip();
        return stripped.isEmpty() ? null : stripped;
    }

    public List<String> messageIds(String name) {
        return HeaderField.first(fields, name)
                .map(raw -> MessageIds.parse(new RawText(raw)))
                .orElse(List.of());
    }
}
