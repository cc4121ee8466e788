package postern.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.imap.message.Address;
import postern.imap.message.BodyPart;
import postern.imap.message.RawText;
import postern.message.change.IfMatch;
import postern.message.change.MessageETag;
import postern.message.change.MessagePatch;
import postern.message.metadata.BaseSubject;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.ListPosition;
import postern.message.metadata.MailDate;
import postern.message.metadata.MessageSort;
import postern.message.metadata.ReceivedRange;
import postern.message.metadata.SortedWalk;
import postern.message.part.HeaderField;
import postern.message.part.PreviewText;
import postern.message.part.ReportFields;
import postern.mime.calendar.CalendarComponent;
import postern.web.IdReaders;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Fuzz targets for the parsers of messages, parts and cursors. */
public final class MessageReaders {

    private static final JsonMapper JSON = new JsonMapper();

    private MessageReaders() {}

    private static String version(byte[] octets) {
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        var version = ListVersion.in("W/\"v" + text + ".x\"");
        return version == null ? "" : version.uids() + version.text();
    }

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("addresses", MessageReaders::addresses)
                        .of(
                                "Ada|ada|example.org\n",
                                "|group|\n",
                                "||\n",
                                "=?utf-8?q?=C3=A9?=|a|b\n",
                                "|MISSING_MAILBOX|MISSING_DOMAIN\n",
                                "|\"a b\"|x\n",
                                "|a..b|c\n",
                                "|"),
                FuzzTarget.of("version of a list", MessageReaders::version)
                        .of(
                                "01234567abcd\u0007\u000c\u0003\u0029\u0001\u0005\u0009\u0006",
                                "01234567abcd\u0007\u000c\u0000\u0029",
                                "\u0080\u0080\u0080"),
                FuzzTarget.of("header fields", it -> text(HeaderField.split(it)))
                        .of(
                                "Subject: x\r\n",
                                " folded\r\n",
                                "\t\r\n",
                                ":",
                                "\r",
                                "\n",
                                "From a\r\n"),
                FuzzTarget.of("dates", it -> text(MailDate.parse(new RawText(it))))
                        .of(
                                "Mon, 2 Mar 2026 10:00:00 +0000",
                                "Mon Mar  2 10:00:00 2026",
                                "2026-03-02T10:00:00Z",
                                " (CET)",
                                "24:00:00",
                                " EST",
                                ":",
                                "+",
                                "-"),
                FuzzTarget.of("base subject", it -> BaseSubject.of(utf8(it)))
                        .of(
                                "Re: ", "Fwd: ", "[a] ", "AW: ", "Re[2]: ", "(fwd)", "[Fwd: ", "]",
                                " "),
                FuzzTarget.of("report fields", it -> text(ReportFields.groups(utf8(it))))
                        .of(
                                "Reporting-MTA: dns; x\r\n",
                                "Final-Recipient: rfc822; a@b\r\n",
                                "Action: failed\r\n",
                                "Status: 5.1.1 (x)\r\n",
                                "\r\n",
                                "(",
                                ")",
                                ";",
                                "Diagnostic-Code: smtp; 550\r\n x\r\n"),
                FuzzTarget.of("preview of plain text", it -> preview("plain", it))
                        .of(
                                "> a\n",
                                "On Monday Ada wrote:\n",
                                "\u200b",
                                "\u034f",
                                "-- \n",
                                "\u0085"),
                FuzzTarget.of("preview of HTML", it -> preview("html", it))
                        .of("<title>", "</title>", "<p>", "&zwnj;", "<style>", "</style>", "<div>"),
                FuzzTarget.of("invitation", MessageReaders::invitation)
                        .of(
                                "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n",
                                "BEGIN:VEVENT\r\n",
                                "DTSTART;TZID=Europe/Berlin:20260701T140000\r\n",
                                "DURATION:PT1H\r\n",
                                "DTEND;VALUE=DATE:20260701\r\n",
                                "RRULE:FREQ=WEEKLY\r\n",
                                "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:a@b\r\n",
                                "ORGANIZER;CN=\"A, B\":mailto:c@d\r\n",
                                "DTSTAMP:20260101T000000Z\r\n",
                                "END:VEVENT\r\n",
                                "END:VCALENDAR\r\n",
                                "DTSTART:99999999T999999Z\r\n",
                                "DURATION:P9999999999999W\r\n"),
                FuzzTarget.of(
                                "list cursor",
                                it -> text(ListPosition.of(IdReaders.cursor(it)).toCursor()))
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of("m\u000e\u0018\u0002", "\u007f"),
                FuzzTarget.of("sort cursor", MessageReaders::sortCursor)
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of("\u0008o\u0010\u000e\u0018\u0000\u0041\u0042", "\u0000o", "\u007f"),
                FuzzTarget.of("If-Match", MessageReaders::ifMatch)
                        .of("\"m12\"", "W/", "*", ", ", "\"f0123456789abcdef\"", "\"u\""),
                FuzzTarget.of("arrival", MessageReaders::arrival)
                        .throwing(InvalidRequest.class)
                        .of("2026-03-01", "2026-03-01T12:00:00Z", "+01:00", ".5", "\n", "-"),
                FuzzTarget.of("message patch", it -> text(MessagePatch.parse(JSON.readTree(it))))
                        .throwing(JacksonException.class, InvalidRequest.class)
                        .of(
                                "{\"keywords\":{\"$seen\":true,\"red\":null}}",
                                "{\"mailboxId\":\"archive\"}",
                                "{",
                                "}",
                                ":",
                                ",",
                                "null",
                                "\"\\u00e9\""));
    }

    /** The first octet selects the sort order. */
    private static @Nullable CharSequence sortCursor(byte[] octets) {
        if (octets.length == 0) {
            return null;
        }
        var sort = MessageSort.values()[(octets[0] & 0xff) % MessageSort.values().length];
        var payload = Arrays.copyOfRange(octets, 1, octets.length);
        var cursor = SortCursor.of(IdReaders.cursor(payload), sort);
        if (cursor == null) {
            return null;
        }
        var again = SortCursor.of(cursor.toCursor(sort), sort);
        if (!cursor.equals(again)) {
            throw new AssertionError(cursor + " comes back as " + again);
        }
        return text(
                cursor.position(sort)
                        .after()
                        .test(new SortedWalk.Hit(1, cursor.last().value()), false));
    }

    private static @Nullable CharSequence ifMatch(byte[] octets) {
        var read = IfMatch.parse(utf8(octets));
        return text(read.modSeq()) + read.allows(new MessageETag("\"m12\""));
    }

    private static @Nullable CharSequence arrival(byte[] octets) {
        var lines = utf8(octets).split("\n", 2);
        var arrival = ReceivedRange.parse(lines[0], lines[lines.length - 1]);
        return text(arrival.terms()) + arrival.certain() + arrival.accepts(Instant.EPOCH);
    }

    private static @Nullable CharSequence addresses(byte[] octets) {
        var addresses = new ArrayList<Address>();
        for (var line : utf8(octets).split("\n")) {
            var parts = line.split("\\|", 3);
            addresses.add(new Address(raw(parts, 0), raw(parts, 1), raw(parts, 2)));
        }
        return text(EmailAddress.ofEnvelope(addresses));
    }

    private static @Nullable RawText raw(String[] parts, int number) {
        return parts.length <= number || parts[number].isEmpty() ? null : RawText.of(parts[number]);
    }

    private static @Nullable CharSequence preview(String subtype, byte[] octets) {
        var part =
                new BodyPart(
                        "1",
                        new BodyPart.Type("text", subtype, Map.of("charset", RawText.of("utf-8"))),
                        null,
                        null,
                        "8bit",
                        octets.length,
                        BodyPart.Disposition.NONE,
                        null,
                        List.of(),
                        null);
        return PreviewText.ofBeginning(part, octets);
    }

    private static @Nullable CharSequence invitation(byte[] octets) {
        return CalendarComponent.parse(utf8(octets))
                .map(it -> text(Calendar.of("1", null, it)))
                .orElse(null);
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
