package postern.mime.calendar;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A content line of a calendar object (RFC 5545 §3.1).
 *
 * @param name in upper case
 * @param parameters with their names in upper case
 * @param value raw, with its escapes; see {@link #text}
 */
public record CalendarLine(String name, Map<String, String> parameters, String value) {

    private static final int MOST_PARAMETERS = 50;

    /** Null if the line is malformed. */
    static @Nullable CalendarLine parse(String line) {
        int at = endOfName(line, 0);
        if (at == 0 || at == line.length()) {
            return null;
        }
        var name = line.substring(0, at).toUpperCase(Locale.ROOT);
        var parameters = new LinkedHashMap<String, String>();
        while (at < line.length() && line.charAt(at) == ';') {
            int equals = endOfName(line, at + 1);
            if (equals == line.length() || line.charAt(equals) != '=') {
                at = equals;
                continue;
            }
            int end = endOfValue(line, equals + 1);
            if (parameters.size() < MOST_PARAMETERS) {
                parameters.putIfAbsent(
                        line.substring(at + 1, equals).toUpperCase(Locale.ROOT),
                        unquoted(line.substring(equals + 1, end)));
            }
            at = end;
        }
        return at < line.length() && line.charAt(at) == ':'
                ? new CalendarLine(name, parameters, line.substring(at + 1))
                : null;
    }

    private static int endOfName(String line, int from) {
        int at = from;
        while (at < line.length() && ":;=,\"".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int endOfValue(String line, int from) {
        boolean quoted = false;
        int at = from;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ';' || c == ':')) {
                break;
            }
            at++;
        }
        return at;
    }

    /** Decodes ^', ^n and ^^ (RFC 6868); any other caret is literal. */
    private static String unquoted(String value) {
        var plain = value.replace("\"", "");
        if (plain.indexOf('^') < 0) {
            return plain;
        }
        var text = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            int meant =
                    c == '^' && i + 1 < plain.length() ? "n'^".indexOf(plain.charAt(i + 1)) : -1;
            text.append(meant < 0 ? c : "\n\"^".charAt(meant));
            i += meant < 0 ? 0 : 1;
        }
        return text.toString();
    }

    /** The value as text, without its escapes (§3.3.11). */
    public String text() {
        if (value.indexOf('\\') < 0) {
            return value.strip();
        }
        var text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                c = value.charAt(++i);
                text.append(c == 'n' || c == 'N' ? '\n' : c);
            } else {
                text.append(c);
            }
        }
        return text.toString().strip();
    }

    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }
}
