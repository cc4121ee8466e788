package postern.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.RawText;
import postern.mime.HeaderText;

/** One group of the fields that a report is made of (RFC 3464 §2.1). */
record ReportFields(List<HeaderField.Raw> fields) {

    private static final int MOST_GROUPS = 1_000;

    static ReportFields of(String text) {
        return new ReportFields(HeaderField.split(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The groups that blank lines separate. */
    static List<ReportFields> groups(String text) {
        var groups = new ArrayList<ReportFields>();
        for (var block : text.strip().split("\\n[ \\t]*\\n\\s*", MOST_GROUPS)) {
            var fields = of(block);
            if (!fields.fields().isEmpty()) {
                groups.add(fields);
            }
        }
        return groups;
    }

    @Nullable String get(String name) {
        return HeaderField.first(fields, name)
                .map(HeaderText::decode)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .orElse(null);
    }

    /** What follows the type of a typed value, such as {@code rfc822;ada@example.org}. */
    @Nullable String untyped(String name) {
        var value = get(name);
        if (value == null) {
            return null;
        }
        int semicolon = value.indexOf(';');
        return semicolon < 0 ? value : value.substring(semicolon + 1).strip();
    }

    List<String> messageIds(String name) {
        return HeaderField.first(fields, name)
                .map(raw -> MessageIds.parse(new RawText(raw)))
                .orElse(List.of());
    }
}
