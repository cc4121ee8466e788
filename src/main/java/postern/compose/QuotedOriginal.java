package postern.compose;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.message.OriginalMessage;
import postern.message.metadata.EmailAddress;
import postern.mime.html.HtmlText;
import postern.mime.html.TextHtml;

/** The quoted original in a reply or forward: as text, and as HTML if either message has HTML. */
record QuotedOriginal(String text, @Nullable String html) {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);
    private static final String CUT = "[\u2026]";

    /** Quotes with {@code >} before each line, or as a block quote. */
    static QuotedOriginal reply(
            OriginalMessage original,
            @Nullable String text,
            @Nullable String html,
            @Nullable String attribution) {
        var line = attribution == null ? attribution(original) : attribution;
        var quoted =
                body(original)
                        .lines()
                        .map(QuotedOriginal::quoted)
                        .collect(Collectors.joining("\n"));
        var above = above(text, html);
        return new QuotedOriginal(
                (above.isEmpty() ? "\n\n" : above + "\n\n") + line + "\n" + quoted + "\n",
                html == null && original.html() == null
                        ? null
                        : htmlAbove(text, html)
                                + "<p>"
                                + escaped(line)
                                + "</p><blockquote type=\"cite\" style=\"margin:0 0 0 .8ex;"
                                + "border-left:1px solid #ccc;padding-left:1ex\">"
                                + htmlBody(original)
                                + "</blockquote>");
    }

    /** Quotes below the most important header fields of the original. */
    static QuotedOriginal forward(
            OriginalMessage original, @Nullable String text, @Nullable String html) {
        var fields = fields(original);
        var above = above(text, html);
        return new QuotedOriginal(
                (above.isEmpty() ? "\n\n" : above + "\n\n")
                        + "---------- Forwarded message ----------\n"
                        + String.join("\n", fields)
                        + "\n\n"
                        + body(original)
                        + "\n",
                html == null && original.html() == null
                        ? null
                        : htmlAbove(text, html)
                                + "<p>---------- Forwarded message ----------<br>"
                                + fields.stream()
                                        .map(QuotedOriginal::escaped)
                                        .collect(Collectors.joining("<br>"))
                                + "</p>"
                                + htmlBody(original));
    }

    static QuotedOriginal none(@Nullable String text, @Nullable String html) {
        return new QuotedOriginal(above(text, html) + "\n", html);
    }

    private static String body(OriginalMessage original) {
        var text = original.text().replace("\0", "").stripTrailing();
        return original.whole() ? text : text + "\n\n" + CUT;
    }

    private static String htmlBody(OriginalMessage original) {
        var html = original.html() == null ? TextHtml.of(original.text()) : original.html();
        return html.replace("\0", "") + (original.whole() ? "" : "<p>" + CUT + "</p>");
    }

    private static String quoted(String line) {
        return line.isEmpty() || line.startsWith(">") ? ">" + line : "> " + line;
    }

    private static String above(@Nullable String text, @Nullable String html) {
        var above = text != null ? text : html != null ? HtmlText.of(html) : "";
        return above.stripTrailing();
    }

    private static String htmlAbove(@Nullable String text, @Nullable String html) {
        if (html != null) {
            return html;
        }
        return text == null ? "<p><br></p>" : TextHtml.of(text);
    }

    private static String attribution(OriginalMessage original) {
        var author = original.from().isEmpty() ? "somebody" : said(original.from().getFirst());
        return original.sentAt() == null
                ? author + " wrote:"
                : "On %s, %s wrote:".formatted(date(original.sentAt()), author);
    }

    private static List<String> fields(OriginalMessage original) {
        var fields = new ArrayList<String>();
        fields.add("From: " + said(original.from()));
        if (original.sentAt() != null) {
            fields.add("Date: " + date(original.sentAt()));
        }
        fields.add("Subject: " + (original.subject() == null ? "" : original.subject()));
        fields.add("To: " + said(original.to()));
        if (!original.cc().isEmpty()) {
            fields.add("Cc: " + said(original.cc()));
        }
        return fields;
    }

    private static String date(Instant time) {
        return DATE.format(time.atOffset(ZoneOffset.UTC));
    }

    private static String said(List<EmailAddress> addresses) {
        return addresses.stream().map(QuotedOriginal::said).collect(Collectors.joining(", "));
    }

    private static String said(EmailAddress address) {
        if (address.name() == null) {
            return address.email();
        }
        return address.email().isEmpty()
                ? address.name()
                : address.name() + " <" + address.email() + ">";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
