package postern.demo;

import static postern.demo.LetterFactory.READ;
import static postern.demo.LetterFactory.READ_AND_ANSWERED;
import static postern.demo.LetterFactory.READ_AND_FLAGGED;
import static postern.demo.LetterFactory.UNREAD;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import postern.samplemail.Entity;
import postern.samplemail.Person;
import postern.samplemail.Picture;
import postern.samplemail.SampleFile;
import postern.samplemail.TransferEncoding;

/** Ordinary mail: an invitation, an invoice, a newsletter, photos. */
record EverydayLetters(LetterFactory desk) {
    private static final Person MAYA = new Person("Maya Lindqvist", "maya@example.com");
    private static final Person TOM = new Person("Tom Okafor", "tom@example.com");
    private static final Person POWER =
            new Person("Harbour Power & Light", "billing@power.example");
    private static final Person GAZETTE = new Person("The Harbour Gazette", "news@gazette.example");
    private static final Person PARCELS = new Person("Swift Parcels", "noreply@parcels.example");
    private static final Person ACCOUNTS = new Person("Example ID", "no-reply@id.example");
    private static final Picture BEACH = new Picture(480, 320, 0x5ab0e8, 0xd9bf77);
    private static final Picture FOREST = new Picture(320, 240, 0x9fc6dd, 0x3f6b3a);
    private static final Picture LOGO = new Picture(96, 48, 0x27496d, 0xe8b04b);
    private static final DateTimeFormatter ICALENDAR =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    List<DemoMessage> all() {
        return List.of(
                welcome(),
                invitation(),
                invoice(),
                newsletter(),
                photos(),
                parcel(),
                code(),
                flowed(),
                forwarded(),
                backup(),
                notes());
    }

    private DemoMessage welcome() {
        return desk.received(
                "welcome",
                "PT3M",
                UNREAD,
                new Person("Postern", "postern@example.org"),
                letter ->
                        letter.subject("Welcome to the demo mailbox")
                                .with(
                                        Entity.text(
                                                """
                                                Hello Alex,

                                                everything in this mailbox is made up, and all of it is lost when
                                                the demo stops. Flag it, move it, delete it: nothing can break.

                                                The newest messages were written by hand to show one thing each;
                                                the older ones are generated, and some of them are broken on
                                                purpose.
                                                """)));
    }

    private DemoMessage invitation() {
        var event = event(desk.now().plus(Duration.ofDays(2)));
        var calendar =
                Entity.text(
                        "text/calendar; method=REQUEST",
                        event,
                        StandardCharsets.UTF_8,
                        TransferEncoding.EIGHT_BIT);
        var file =
                new SampleFile(
                        "invite.ics", "application/ics", event.getBytes(StandardCharsets.UTF_8));
        return desk.received(
                "roadmap",
                "PT18M",
                UNREAD,
                MAYA,
                letter ->
                        letter.cc(TOM)
                                .subject("Invitation: Roadmap review")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.multipart(
                                                        "alternative",
                                                        Entity.text(
                                                                "Roadmap review, room 2.04, one hour.\n"),
                                                        Entity.html(
                                                                "<p><b>Roadmap review</b>, room 2.04, one hour.</p>"),
                                                        calendar),
                                                Entity.attachment(file))));
    }

    private static String event(Instant start) {
        return """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Postern//Demo//EN
        METHOD:REQUEST
        BEGIN:VEVENT
        UID:roadmap@demo.example.org
        DTSTAMP:%s
        DTSTART:%s
        DTEND:%s
        SUMMARY:Roadmap review
        LOCATION:Room 2.04
        ORGANIZER;CN=Maya Lindqvist:mailto:maya@example.com
        ATTENDEE;CN=Alex Demo;RSVP=TRUE:mailto:demo@example.org
        END:VEVENT
        END:VCALENDAR
        """
                .formatted(
                        ICALENDAR.format(start),
                        ICALENDAR.format(start),
                        ICALENDAR.format(start.plus(Duration.ofHours(1))));
    }

    private DemoMessage invoice() {
        var pdf =
                SampleFile.pdf(
                        "Invoice 2026-1108.pdf",
                        "Invoice 2026-1108",
                        List.of("Electricity, October", "312 kWh at 0.31", "", "Total: EUR 96.72"));
        return desk.received(
                "invoice",
                "PT47M",
                READ_AND_FLAGGED,
                POWER,
                letter ->
                        letter.subject("Your invoice 2026-1108")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text(
                                                        """
                                                        Dear customer,

                                                        please find attached your invoice for October: EUR 96.72,
                                                        due in two weeks.

                                                        Harbour Power & Light
                                                        """),
                                                Entity.attachment(pdf))));
    }

    private DemoMessage newsletter() {
        var html =
                """
                <html><head><style>h1 { font-family: Georgia } .x { color: #27496d }</style></head>
                <body style="margin: 0; background: #f5f3ee">
                <table width="600" align="center" bgcolor="#ffffff"><tr><td>
                <img src="cid:logo@gazette.example" width="96" height="48" alt="The Harbour Gazette">
                <h1 class="x">The lighthouse is open again</h1>
                <p>After two years of repairs the old lighthouse lets visitors in from Saturday.
                <a href="https://gazette.example/lighthouse?utm_source=mail">Read the story</a></p>
                <img src="https://img.gazette.example/lighthouse.jpg" alt="The lighthouse at dusk">
                <p style="font-size: 11px">You receive this because you subscribed.
                <a href="https://gazette.example/leave">Unsubscribe</a></p>
                </td></tr></table>
                <img src="https://track.gazette.example/open.gif" width="1" height="1" alt="">
                </body></html>
                """;
        var logo = Entity.inline(SampleFile.png("logo.png", LOGO), "logo@gazette.example");
        return desk.received(
                "gazette",
                "PT2H10M",
                UNREAD,
                GAZETTE,
                letter ->
                        letter.subject("The lighthouse is open again")
                                .field("List-Id", "<weekly.gazette.example>")
                                .field("List-Unsubscribe", "<https://gazette.example/leave>")
                                .field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
                                .with(
                                        Entity.multipart(
                                                "alternative",
                                                Entity.text(
                                                        "The lighthouse is open again: https://gazette.example/lighthouse\n"),
                                                Entity.multipart(
                                                        "related", Entity.html(html), logo))));
    }

    private DemoMessage photos() {
        var html =
                """
                <p>Hi Alex,</p>
                <p>two weeks of this, and I did not open my laptop once:</p>
                <p><img src="cid:beach@example.com" alt="The beach"></p>
                <p>Back on Monday. Tom</p>
                """;
        var beach = Entity.inline(SampleFile.png("beach.png", BEACH), "beach@example.com");
        return desk.received(
                "photos",
                "PT5H",
                READ,
                TOM,
                letter ->
                        letter.subject("Greetings from the beach 🏖️")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.multipart(
                                                        "related", Entity.html(html), beach),
                                                Entity.attachment(
                                                        SampleFile.png(
                                                                "Forêt – été.png", FOREST)))));
    }

    private DemoMessage parcel() {
        return desk.received(
                "parcel",
                "PT9H",
                READ,
                PARCELS,
                letter ->
                        letter.subject("Your parcel arrives today")
                                .with(
                                        Entity.html(
                                                """
                                                <table cellpadding="6"><tr><th>Parcel</th><td>SP 4711 0815</td></tr>
                                                <tr><th>From</th><td>The Book &amp; Tea Shop</td></tr>
                                                <tr><th>Between</th><td>14:00 and 16:00</td></tr></table>
                                                <p><a href="https://parcels.example/t/47110815">Track it</a></p>
                                                """)));
    }

    private DemoMessage code() {
        return desk.received(
                "code",
                "PT11H",
                READ,
                ACCOUNTS,
                letter ->
                        letter.subject("493 027 is your sign-in code")
                                .field("Auto-Submitted", "auto-generated")
                                .with(Entity.text("493 027\n\nIt is valid for ten minutes.\n")));
    }

    private DemoMessage flowed() {
        // RFC 3676: a space at the end of a line is a soft break, "> " quotes, "-- " starts the
        // signature.
        var text =
                """
                > Shall we move the release to Thursday? The tests of the import are \s
                > still running.

                Thursday is fine. I would rather have the import tested than have \s
                Wednesday in the calendar, and nobody outside is waiting for it \s
                anyway.

                --\s
                Maya
                """;
        return desk.received(
                "release",
                "P1DT2H",
                READ_AND_ANSWERED,
                MAYA,
                letter ->
                        letter.subject("Re: Release on Wednesday?")
                                .answering(List.of(LetterFactory.id("release-question")))
                                .with(
                                        Entity.text(
                                                "text/plain; format=flowed",
                                                text,
                                                StandardCharsets.UTF_8,
                                                TransferEncoding.SEVEN_BIT)));
    }

    private DemoMessage forwarded() {
        var original = invoice();
        return desk.received(
                "forwarded",
                "P1DT6H",
                READ,
                TOM,
                letter ->
                        letter.subject("Fwd: Your invoice 2026-1108")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text(
                                                        "Is this one yours? It came to my address.\n"),
                                                Entity.message(original.octets()))));
    }

    private DemoMessage backup() {
        var blob = new byte[2 << 20];
        new Random(1).nextBytes(blob);
        var archive =
                SampleFile.zip(
                        "backup.zip",
                        List.of(
                                new SampleFile("database.bin", "application/octet-stream", blob),
                                SampleFile.text("README.txt", "Two megabytes of noise.\n")));
        return desk.received(
                "backup",
                "P1DT9H",
                READ,
                new Person("Nightly backup", "root@backup.example"),
                letter ->
                        letter.subject("[backup] finished in 214 s")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text("1 database, 0 errors.\n"),
                                                Entity.attachment(archive))));
    }

    private DemoMessage notes() {
        return desk.received(
                "notes",
                "P2D",
                READ,
                MAYA,
                letter ->
                        letter.subject("Notes and figures")
                                .with(
                                        Entity.multipart(
                                                "mixed",
                                                Entity.text("As promised, both files.\n"),
                                                Entity.attachment(
                                                        SampleFile.text(
                                                                "Gesprächsnotiz Müller.txt",
                                                                "Übergabe am Freitag.\n")),
                                                Entity.attachment(
                                                        SampleFile.csv(
                                                                "figures.csv",
                                                                "month,orders\n09,112\n10,131\n")))));
    }
}
