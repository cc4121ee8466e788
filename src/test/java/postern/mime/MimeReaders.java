package postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.mime.calendar.CalendarComponent;
import postern.mime.calendar.CalendarZones;
import postern.mime.charset.OctetText;
import postern.mime.charset.Utf7;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.AddressField;
import postern.mime.header.EncodedText;
import postern.mime.header.FileName;
import postern.mime.header.HeaderText;
import postern.mime.header.ListField;
import postern.mime.header.MailAddress;
import postern.mime.header.MediaType;
import postern.mime.header.MimeParameters;
import postern.mime.html.HtmlText;
import postern.mime.html.InlineParts;
import postern.mime.html.QuotedHtml;
import postern.mime.html.SafeHtml;
import postern.mime.html.TextHtml;
import postern.mime.text.FlowedText;
import postern.mime.text.QuotedText;
import postern.mime.text.TextBody;

/** The readers of message octets, as fuzz targets. */
public final class MimeReaders {

    private static final String[] HTML = {
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<br>",
        "<blockquote type=\"cite\">",
        "</blockquote>",
        "<div class=\"gmail_quote\">",
        "<div id=\"appendonsend\"></div>",
        "<div class=moz-cite-prefix>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<img src=\"cid:a\">",
        "<img src=https://x/y.png>",
        "<a href=\"javascript:x\">",
        "</a>",
        "<style>p{color:red}</style>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "&lt;",
        "&#x41;",
        "&",
        "<",
        ">",
        "\"",
        "<svg>",
        "<math>",
        "<title>",
        "<span style=\"background:url(http://x)\">",
        "<font>",
        "<b>",
        "<i>",
        "<ul><li>",
        "<hr>",
        "On Monday Ada wrote:",
        "-----Original Message-----",
        "\u00a0",
        "-- \n",
        "<pre>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>",
        "<o:p>&nbsp;</o:p>",
        "<template>"
    };

    private static final String[] TEXT = {
        "> ",
        ">> ",
        ">",
        "\n",
        "\r\n",
        " ",
        "-- \n",
        "On Mon, Ada wrote:\n",
        "Am Montag schrieb Ada:\n",
        "________________________________\n",
        "From: a\nSent: b\nTo: c\nSubject: d\n",
        "a@b.c",
        "https://example.org/a?b=c",
        "www.example.org",
        "\u200b",
        "\t",
        "-----Original Message-----\n",
        "<ada@example.org>:\n",
        "(",
        ")",
        "*",
        "_"
    };

    private static final String[] WORDS = {
        "=?utf-8?B?w6k=?=",
        "=?utf-8?Q?=C3=A9?=",
        "=?iso-2022-jp?B?GyRCJCIbKEI=?=",
        "=?x?Q?a?=",
        " ",
        "\r\n ",
        "\"",
        "<",
        ">",
        "@",
        "=?",
        "?=",
        "?",
        "=?utf-7?Q?+AOk-?=",
        "=?utf-8*en?q?a_b?="
    };

    private MimeReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("unlabelled text", it -> OctetText.decode(it, 0, it.length)),
                FuzzTarget.of("text of a charset", MimeReaders::labelled)
                        .of("utf-8\n", "utf-7\n", "iso-2022-jp\n", "gb18030\n", "utf-16\n", "x\n"),
                FuzzTarget.of("UTF-7", it -> OctetText.decode(it, 0, it.length, Utf7.INSTANCE))
                        .of("+AOk-", "+", "-", "+-", "+2D3cqQ-", "a"),
                FuzzTarget.of("base64", it -> decoded(TransferEncoding.BASE64, it))
                        .throwing(IOException.class)
                        .of("QUJD", "QQ==", "\r\n", "=", "-", "QUJDRA==QUJD"),
                FuzzTarget.of(
                                "quoted-printable",
                                it -> decoded(TransferEncoding.QUOTED_PRINTABLE, it))
                        .throwing(IOException.class)
                        .of("=C3=A9", "=\r\n", "= \n", "=", "=4", " \r\n", "a"),
                FuzzTarget.of("uuencode", it -> decoded(TransferEncoding.UUENCODE, it))
                        .throwing(IOException.class)
                        .of("begin 644 a\n", "#0V%T\n", "`\n", "end\n", "M"),
                FuzzTarget.of("header text", HeaderText::decode).of(WORDS),
                FuzzTarget.of("encoded words", it -> new EncodedText(it).decode()).of(WORDS),
                FuzzTarget.of("address fields", MimeReaders::addressFields)
                        .of(
                                "Ada <a@b.c>, ",
                                "x: a@b, c@d;",
                                "\"e, f\" <g@h>",
                                "(c)",
                                "<@a:b@c>",
                                "MISSING_MAILBOX@MISSING_DOMAIN",
                                "=?utf-8?q?=C3=A9?= <i@j>",
                                "<",
                                ">",
                                ",",
                                ";",
                                ":",
                                "@",
                                "\"",
                                "\\",
                                "bob@x <bob@x>, cy@y"),
                FuzzTarget.of(
                                "fields of mailing lists",
                                it -> text(ListField.uris(it)) + ListField.id(it))
                        .of(
                                "<https://a.example/b?c=d>",
                                "<mailto:a@b.example?subject=c>",
                                ", ",
                                "(c)",
                                "NO",
                                "x <y.example>",
                                "<",
                                ">",
                                "(",
                                ")",
                                "\\",
                                "%",
                                "\r\n "),
                FuzzTarget.of("media type", it -> text(MediaType.parse(it)))
                        .of(
                                "text/plain",
                                "; charset=utf-8",
                                "; name*=utf-8''%C3%A9",
                                "; name*0=a; name*1*=%41",
                                "\"",
                                "\\",
                                ";",
                                "=",
                                "(",
                                ")",
                                "/",
                                " "),
                FuzzTarget.of("parameters", MimeReaders::parameters)
                        .of(
                                "name*0*=utf-8''%C3\n",
                                "name*1*=%A9\n",
                                "name*1=b\n",
                                "name*=x\n",
                                "name==?utf-8?q?a?=\n",
                                "filename*99999999999=x\n",
                                "%",
                                "'"),
                FuzzTarget.of("file name", it -> FileName.of(utf8(it), "application/pdf"))
                        .of(
                                "../",
                                "a.pdf",
                                "\u202e",
                                "CON",
                                ".",
                                "/",
                                "\\",
                                "\u0000",
                                "\ud83d\ude00"),
                FuzzTarget.of("flowed text", it -> FlowedText.unfold(utf8(it), it.length % 2 == 0))
                        .of(TEXT),
                FuzzTarget.of("quoted text", it -> text(QuotedText.of(utf8(it)))).of(TEXT),
                FuzzTarget.of("linked text", it -> TextHtml.of(utf8(it))).of(TEXT),
                FuzzTarget.of("HTML as text", it -> HtmlText.of(utf8(it))).of(HTML),
                FuzzTarget.of("quoted HTML", it -> QuotedHtml.folded(utf8(it))).of(HTML),
                FuzzTarget.of(
                                "safe HTML",
                                it -> SafeHtml.of(utf8(it), SafeHtml.RemoteContent.BLOCK).html())
                        .of(HTML),
                FuzzTarget.of(
                                "folded HTML",
                                it ->
                                        SafeHtml.quotesFolded(
                                                        utf8(it),
                                                        SafeHtml.RemoteContent.ALLOW,
                                                        InlineParts.asReferredTo())
                                                .html())
                        .of(HTML),
                FuzzTarget.of("calendar", MimeReaders::calendar)
                        .of(
                                "BEGIN:VCALENDAR\r\n",
                                "END:VCALENDAR\r\n",
                                "BEGIN:VEVENT\r\n",
                                "END:VEVENT\r\n",
                                "BEGIN:VTIMEZONE\r\nTZID:x\r\n",
                                "END:VTIMEZONE\r\n",
                                "BEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\nDTSTART:19701025T030000\r\n",
                                "END:STANDARD\r\n",
                                "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n",
                                "SUMMARY;LANGUAGE=\"a^nb^^\":x\\,y\\n\r\n",
                                "DTSTART;TZID=x:20260701T1400\r\n",
                                "ATTENDEE;CN=\"A\";X=1:mailto:a@b.c\r\n",
                                "\r\n ",
                                ":",
                                ";",
                                "\""),
                FuzzTarget.of("TNEF", it -> text(Tnef.fileNames(it)))
                        .of(
                                "\u0078\u009f\u003e\"",
                                "a.doc",
                                "\u0000",
                                "\u0001\u0000\u0000\u0000",
                                "\u0002"),
                FuzzTarget.of("mail address", MimeReaders::address)
                        .throwing(IllegalArgumentException.class)
                        .of("Ada\n", "a@b.c", "\"", "..", "@", "[1.2.3.4]", "xn--a", "\u00e9"));
    }

    private static @Nullable CharSequence labelled(byte[] octets) {
        var text = new String(octets, ISO_8859_1);
        int line = text.indexOf('\n');
        var label = line < 0 ? text : text.substring(0, line);
        return TextBody.decode(text.substring(line + 1).getBytes(ISO_8859_1), label);
    }

    private static @Nullable CharSequence addressFields(byte[] octets) {
        return text(AddressField.recipients(octets)) + text(AddressField.authors(octets));
    }

    private static @Nullable CharSequence parameters(byte[] octets) {
        var parameters = new LinkedHashMap<String, byte[]>();
        for (var line : new String(octets, ISO_8859_1).split("\n", -1)) {
            int equals = line.indexOf('=');
            parameters.put(
                    equals < 0 ? line : line.substring(0, equals),
                    line.substring(equals + 1).getBytes(ISO_8859_1));
        }
        return text(MimeParameters.decode(Map.copyOf(parameters)));
    }

    private static @Nullable CharSequence calendar(byte[] octets) {
        var calendar = CalendarComponent.parse(utf8(octets));
        if (calendar.isEmpty()) {
            return null;
        }
        var zones = new CalendarZones(calendar.get());
        return text(zones.zone("x")) + text(zones.zone("W. Europe Standard Time")) + text(calendar);
    }

    private static @Nullable CharSequence address(byte[] octets) {
        var lines = utf8(octets).split("\n", 2);
        return text(MailAddress.of(lines[0], lines[lines.length - 1]));
    }

    private static CharSequence decoded(TransferEncoding encoding, byte[] octets)
            throws IOException {
        try (var in = encoding.decode(new ByteArrayInputStream(octets))) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
