package postern.testserver.provider;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A message in a mailbox. Its content is one text part; octets are characters (ISO 8859-1). */
final class ProviderMessage {

    static final ZonedDateTime ARRIVED = ZonedDateTime.of(2026, 3, 4, 5, 6, 7, 0, ZoneOffset.UTC);

    private static final DateTimeFormatter INTERNAL_DATE =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final Pattern SECTION =
            Pattern.compile("BODY(?:\\.PEEK)?\\[([^]]*)](?:<(\\d+)\\.(\\d+)>)?");

    final long uid;

    /** What the message is in all mailboxes. */
    final long emailId;

    final String content;
    final Set<String> flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    long modSeq;

    ProviderMessage(long uid, long emailId, String content) {
        this.uid = uid;
        this.emailId = emailId;
        this.content = content;
    }

    static String plain(String subject, String text) {
        return """
        From: Ada <ada@example.net>
        To: Anne <anne@example.org>
        Subject: %s
        Date: Wed, 4 Mar 2026 05:06:07 +0000
        Message-ID: <%s@example.net>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=us-ascii

        %s
        """
                .formatted(subject, subject.replace(' ', '.'), text)
                .replace("\n", "\r\n");
    }

    boolean flagged(String flag) {
        return flags.contains(flag);
    }

    /** The value of a header field, or nothing. */
    String field(String name) {
        return header().lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    String header() {
        return content.substring(0, content.indexOf("\r\n\r\n") + 4);
    }

    String body() {
        return content.substring(content.indexOf("\r\n\r\n") + 4);
    }

    /** An item of FETCH and its value. */
    String item(String item) {
        var section = SECTION.matcher(item);
        if (section.matches()) {
            return section(section.group(1), section.group(2), section.group(3));
        }
        return item
                + " "
                + switch (item) {
                    case "UID" -> uid;
                    case "FLAGS" -> "(" + String.join(" ", flags) + ")";
                    case "INTERNALDATE" -> '"' + INTERNAL_DATE.format(ARRIVED) + '"';
                    case "RFC822.SIZE" -> content.length();
                    case "MODSEQ" -> "(" + modSeq + ")";
                    case "ENVELOPE" -> envelope();
                    case "BODYSTRUCTURE" -> structure();
                    case "X-GM-MSGID", "X-GM-THRID" -> emailId;
                    case "EMAILID", "THREADID" -> "(M" + emailId + ")";
                    default -> throw new IllegalArgumentException("unknown item " + item);
                };
    }

    private String envelope() {
        var from = "((\"Ada\" NIL \"ada\" \"example.net\"))";
        var to = "((\"Anne\" NIL \"anne\" \"example.org\"))";
        return "(\"%s\" \"%s\" %s %s %s %s NIL NIL NIL \"%s\")"
                .formatted(
                        field("Date"), field("Subject"), from, from, from, to, field("Message-ID"));
    }

    private String structure() {
        return "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"us-ascii\") NIL NIL \"7BIT\" %d %d NIL NIL NIL)"
                .formatted(body().length(), body().lines().count());
    }

    private String section(String name, @Nullable String offset, @Nullable String length) {
        var octets = octets(name);
        if (offset != null && length != null) {
            int from = Math.min(octets.length(), Integer.parseInt(offset));
            int to = (int) Math.min(octets.length(), from + Long.parseLong(length));
            octets = octets.substring(from, to);
        }
        return "BODY[%s]%s {%d}\r\n%s"
                .formatted(name, offset == null ? "" : "<" + offset + ">", octets.length(), octets);
    }

    private String octets(String section) {
        return switch (section) {
            case "" -> content;
            case "HEADER" -> header();
            case "TEXT", "1" -> body();
            case "1.MIME" -> "Content-Type: " + field("Content-Type") + "\r\n\r\n";
            default -> fields(section);
        };
    }

    private String fields(String section) {
        List<String> wanted =
                Arrays.asList(
                        section.replaceAll(".*\\(|\\).*", "").toLowerCase(Locale.ROOT).split(" "));
        return header().lines()
                        .filter(line ->
                                wanted.contains(line.split(":", 2)[0].toLowerCase(Locale.ROOT)))
                        .map(line -> line + "\r\n")
                        .collect(Collectors.joining())
                + "\r\n";
    }
}
