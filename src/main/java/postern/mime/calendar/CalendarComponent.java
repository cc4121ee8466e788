package postern.mime.calendar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.mime.text.TextBody;

/**
 * A component of a calendar object (RFC 5545 §3.6) such as VEVENT; the object itself is VCALENDAR.
 *
 * @param name in upper case
 */
public record CalendarComponent(
        String name, List<CalendarLine> lines, List<CalendarComponent> components) {

    private static final int MOST_LINES = 20_000;
    private static final int DEEPEST = 10;

    /**
     * Parses octets. They are unfolded before they are decoded, since some programs fold every 75
     * octets, even in the middle of a character.
     */
    public static Optional<CalendarComponent> parse(byte[] octets, @Nullable String charset) {
        return parse(TextBody.decode(unfolded(octets), charset));
    }

    private static byte[] unfolded(byte[] octets) {
        var unfolded = new byte[octets.length];
        int length = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n'
                    && i + 1 < octets.length
                    && (octets[i + 1] == ' ' || octets[i + 1] == '\t')) {
                length -= length > 0 && unfolded[length - 1] == '\r' ? 1 : 0;
                i++;
            } else {
                unfolded[length++] = octets[i];
            }
        }
        return Arrays.copyOf(unfolded, length);
    }

    /** Never throws; empty if the text is not a calendar object. */
    public static Optional<CalendarComponent> parse(String text) {
        var open = new ArrayDeque<CalendarComponent>();
        var root = new CalendarComponent("", new ArrayList<>(), new ArrayList<>());
        open.push(root);
        for (var unfolded : unfolded(text)) {
            var line = CalendarLine.parse(unfolded);
            if (line == null) {
                continue;
            }
            switch (line.name()) {
                case "BEGIN" -> {
                    var name = line.value().strip().toUpperCase(Locale.ROOT);
                    var begun = new CalendarComponent(name, new ArrayList<>(), new ArrayList<>());
                    if (open.size() <= DEEPEST) {
                        open.element().components.add(begun);
                    }
                    open.push(begun);
                }
                case "END" -> {
                    if (open.size() > 1) {
                        open.pop();
                    }
                }
                default -> open.element().lines.add(line);
            }
        }
        return root.all("VCALENDAR").findFirst();
    }

    /** A line that begins with a space or tab continues the previous line (§3.1). */
    private static List<String> unfolded(String text) {
        var lines = new ArrayList<String>();
        StringBuilder current = new StringBuilder();
        int start = 0;
        while (start < text.length() && lines.size() < MOST_LINES) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            char first = text.charAt(start);
            if (first == ' ' || first == '\t') {
                current.append(text, start + 1, end);
            } else {
                lines.add(current.toString());
                current = new StringBuilder().append(text, start, end);
            }
            start = end + 1;
        }
        lines.add(current.toString());
        return lines;
    }

    /** The nested components with this name. */
    public Stream<CalendarComponent> all(String component) {
        return components.stream().filter(it -> it.name.equals(component));
    }

    /** The first line with this name. */
    public Optional<CalendarLine> line(String line) {
        return lines.stream().filter(it -> it.name().equals(line)).findFirst();
    }

    public Optional<String> text(String line) {
        return line(line).map(CalendarLine::text).filter(text -> !text.isEmpty());
    }
}
