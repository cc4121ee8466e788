package postern.testserver.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The arguments of a command, read from left to right: atoms, strings and parentheses. */
final class Words {

    private final String text;
    private int at;

    Words(String text) {
        this.text = text;
    }

    boolean atEnd() {
        skipSpaces();
        return at >= text.length();
    }

    boolean at(char c) {
        skipSpaces();
        return at < text.length() && text.charAt(at) == c;
    }

    /** Whether the next word is this one; if so, it is read. */
    boolean skip(String word) {
        int before = at;
        if (!atEnd() && !at('(') && next().equalsIgnoreCase(word)) {
            return true;
        }
        at = before;
        return false;
    }

    String upper() {
        return next().toUpperCase(Locale.ROOT);
    }

    /** An atom, the content of a string, or a parenthesis. */
    String next() {
        skipSpaces();
        return switch (text.charAt(at)) {
            case '"' -> quoted();
            case '{' -> literal();
            case '(', ')' -> String.valueOf(text.charAt(at++));
            default -> atom();
        };
    }

    /** The words of a list in parentheses, or the one word that stands instead. */
    List<String> list() {
        var words = new ArrayList<String>();
        if (!at('(')) {
            words.add(next());
            return words;
        }
        next();
        while (!at(')')) {
            words.add(next());
        }
        next();
        return words;
    }

    String rest() {
        skipSpaces();
        return text.substring(at);
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private String atom() {
        int start = at;
        while (at < text.length() && " ()".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        var content = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            content.append(text.charAt(at));
        }
        at++;
        return content.toString();
    }

    /** Its octets are characters here (ISO 8859-1). */
    private String literal() {
        int end = text.indexOf("\r\n", at);
        int length = Integer.parseInt(text.substring(at + 1, end).replaceAll("\\D", ""));
        at = end + 2 + length;
        return text.substring(end + 2, at);
    }
}
