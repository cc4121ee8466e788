package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.imap.ImapConnections;
import postern.mime.TnefSample;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

@OnGreenMail
class RecognisedObjectsTest {

    private static final String INVITATION =
            """
            Subject: invitation
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary=a

            --a
            Content-Type: text/plain

            come
            --a
            Content-Type: text/calendar; charset=utf-8; method=REQUEST

            BEGIN:VCALENDAR
            METHOD:REQUEST
            BEGIN:VEVENT
            UID:4711@example.org
            SEQUENCE:2
            SUMMARY:Budget\\, part two: r\u00e9s
             um\u00e9
            DTSTART;TZID="W. Europe Standard Time":20260701T140000
            DURATION:PT1H30M
            LOCATION:Room 12
            RRULE:FREQ=WEEKLY;BYDAY=MO
            ORGANIZER;CN="Ada, Countess":mailto:ada@example.org
            ATTENDEE;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=TRUE;CN=Bob:MAILTO:bob@example.org
            ATTENDEE:urn:uuid:x
            END:VEVENT
            END:VCALENDAR
            --a--
            """;

    @Autowired private MockMvcTester http;
    @Autowired private ImapConnections connections;
    private MessageApi api;

    @BeforeEach
    void anEmptyAccount() {
        api = new MessageApi(http, connections);
    }

    @Test
    void anInvitation() {
        var calendar = read(INVITATION).get("calendar");

        assertThat(calendar.get("method").asString()).isEqualTo("request");
        assertThat(calendar.get("partId").asString()).isEqualTo("2");
        var event = calendar.at("/events/0");
        assertThat(event.get("uid").asString()).isEqualTo("4711@example.org");
        assertThat(event.get("sequence").asInt()).isEqualTo(2);
        assertThat(event.get("summary").asString()).isEqualTo("Budget, part two: r\u00e9sum\u00e9");
        assertThat(event.at("/start/date").asString()).isEqualTo("2026-07-01");
        assertThat(event.at("/start/time").asString()).isEqualTo("14:00:00");
        assertThat(event.at("/start/timeZone").asString()).isEqualTo("Europe/Berlin");
        assertThat(event.at("/start/instant").asString()).isEqualTo("2026-07-01T12:00:00Z");
        assertThat(event.at("/end/time").asString()).isEqualTo("15:30:00");
        assertThat(event.get("location").asString()).isEqualTo("Room 12");
        assertThat(event.get("recurrenceRule").asString()).isEqualTo("FREQ=WEEKLY;BYDAY=MO");
        assertThat(event.at("/organizer/name").asString()).isEqualTo("Ada, Countess");
        assertThat(event.at("/organizer/email").asString()).isEqualTo("ada@example.org");
        assertThat(event.at("/attendees/0/email").asString()).isEqualTo("bob@example.org");
        assertThat(event.at("/attendees/0/status").asString()).isEqualTo("accepted");
        assertThat(event.at("/attendees/0/rsvp").asBoolean()).isTrue();
        assertThat(event.at("/attendees/1").has("email")).isFalse();
    }

    @Test
    void theSameWhenTheMessageIsKnownFromAList() {
        var id = api.append(INVITATION);
        var unknown = api.json("/v1/messages/" + id);

        api.json("/v1/mailboxes/inbox/messages");

        assertThat(api.json("/v1/messages/" + id)).isEqualTo(unknown);
    }

    @Test
    void noInvitationInWhatOnlyCallsItselfOne() {
        var message = read("Subject: x\nContent-Type: text/calendar\n\nBEGIN:NOTHING\n:;=\n");

        assertThat(message.has("calendar")).isFalse();
    }

    @Test
    void aDeliveryReport() {
        var report =
                read("""
                Subject: Undelivered Mail Returned to Sender
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=d

                --d
                Content-Type: text/plain

                It was not delivered.
                --d
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.org
                Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000

                Original-Recipient: rfc822;boss@example.net
                Final-Recipient: rfc822; bob@example.net
                Action: Failed
                Status: 5.1.1
                Remote-MTA: dns; mx.example.net
                Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>:
                    User unknown

                Final-Recipient: rfc822; eve@example.net
                Action: delayed
                Status: 4.4.1
                --d
                Content-Type: text/rfc822-headers

                From: ada@example.org
                Message-ID: <sent.1@example.org>
                Subject: hello
                --d--
                """)
                        .get("deliveryReport");

        assertThat(report.get("reportingServer").asString()).isEqualTo("mx.example.org");
        assertThat(report.get("originalMessageId").asString()).isEqualTo("sent.1@example.org");
        var bob = report.at("/recipients/0");
        assertThat(bob.get("address").asString()).isEqualTo("bob@example.net");
        assertThat(bob.get("originalAddress").asString()).isEqualTo("boss@example.net");
        assertThat(bob.get("action").asString()).isEqualTo("failed");
        assertThat(bob.get("status").asString()).isEqualTo("5.1.1");
        assertThat(bob.get("diagnostic").asString()).contains("550 5.1.1", "User unknown");
        assertThat(bob.get("remoteServer").asString()).isEqualTo("mx.example.net");
        assertThat(report.at("/recipients/1/action").asString()).isEqualTo("delayed");
        assertThat(report.get("recipients")).hasSize(2);
    }

    @Test
    void aReadReceipt() {
        var receipt =
                read("""
                Subject: Read
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=disposition-notification; boundary=d

                --d
                Content-Type: text/plain

                It was read.
                --d
                Content-Type: message/disposition-notification

                Reporting-UA: example.org; Mailer
                Final-Recipient: rfc822;bob@example.org
                Original-Message-ID: <sent.2@example.org>
                Disposition: manual-action/MDN-sent-manually; displayed
                --d--
                """)
                        .get("readReceipt");

        assertThat(receipt.get("recipient").asString()).isEqualTo("bob@example.org");
        assertThat(receipt.get("originalMessageId").asString()).isEqualTo("sent.2@example.org");
        assertThat(receipt.get("disposition").asString()).isEqualTo("displayed");
        assertThat(receipt.get("automatic").asBoolean()).isFalse();
    }

    @Test
    void aFeedbackReportAndTheMessageItIsAbout() {
        var message =
                read(
                        """
                        Subject: FW: offer
                        MIME-Version: 1.0
                        Content-Type: multipart/report; report-type=feedback-report; boundary=d

                        --d
                        Content-Type: text/plain

                        A complaint.
                        --d
                        Content-Type: message/feedback-report

                        Feedback-Type: abuse
                        User-Agent: SomeGenerator/1.0
                        Version: 1
                        Source-IP: 192.0.2.1
                        --d
                        Content-Type: message/rfc822

                        From: seller@example.net
                        Message-ID: <offer@example.net>
                        Subject: offer

                        buy
                        --d--
                        """);

        assertThat(message.at("/feedbackReport/feedbackType").asString()).isEqualTo("abuse");
        assertThat(message.at("/feedbackReport/sourceIp").asString()).isEqualTo("192.0.2.1");
        assertThat(message.at("/feedbackReport/originalMessageId").asString())
                .isEqualTo("offer@example.net");
        assertThat(message.at("/attachments/0/kind").asString()).isEqualTo("report");
        assertThat(message.at("/attachments/1/kind").asString()).isEqualTo("message");
    }

    @Test
    void aWinmailDat() {
        var octets = TnefSample.of("report.docx", "r\u00e9sum\u00e9 with a long name.pdf");
        var message =
                read(
                        "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n"
                                + "--m\nContent-Type: text/plain\n\nx\n--m\n"
                                + "Content-Type: application/ms-tnef; name=winmail.dat\n"
                                + "Content-Transfer-Encoding: base64\n\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(octets)
                                        .replace("\r\n", "\n")
                                + "\n--m--\n");

        assertThat(message.at("/attachments/0/kind").asString()).isEqualTo("tnef");
        assertThat(
                        message.at("/attachments/0/containedFiles")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactly("report.docx", "r\u00e9sum\u00e9 with a long name.pdf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256 | text/plain | application/pgp-signature | signed | openpgp | true | 2",
                "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256 | text/plain | application/x-pkcs7-signature | signed | smime | true | 2",
                "multipart/signed; protocol=\"application/pkcs7-signature\" | application/pkcs7-mime; smime-type=enveloped-data | application/pkcs7-signature | signed-and-encrypted | smime | true | 2",
                "multipart/encrypted; protocol=\"application/pgp-encrypted\" | application/pgp-encrypted | application/octet-stream | encrypted | openpgp | false | 2",
                "multipart/mixed | application/pgp-encrypted | application/octet-stream | encrypted | openpgp | false | 2",
            })
    void whatIsSignedOrEncrypted(
            String type,
            String first,
            String second,
            String kind,
            String protocol,
            boolean detached,
            String partId) {
        var message =
                read(
                        "Subject: x\nMIME-Version: 1.0\nContent-Type: "
                                + type
                                + "; boundary=s\n\n"
                                + "--s\nContent-Type: "
                                + first
                                + "\n\ncontent\n"
                                + "--s\nContent-Type: "
                                + second
                                + "\n\nother\n--s--\n");

        var security = message.get("security");
        assertThat(security.get("kind").asString()).isEqualTo(kind);
        assertThat(security.get("protocol").asString()).isEqualTo(protocol);
        assertThat(security.get("detached").asBoolean()).isEqualTo(detached);
        assertThat(security.get("partId").asString()).isEqualTo(partId);
        if (first.equals("text/plain")) {
            assertThat(message.at("/text/content").asString()).contains("content");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "enveloped-data, encrypted",
        "authEnveloped-data, encrypted",
        "signed-data, signed",
        "certs-only, ",
        "compressed-data, "
    })
    void whatIsSMimeAsAWhole(String type, String kind) {
        var message =
                read(
                        "Subject: x\nContent-Type: application/pkcs7-mime; smime-type="
                                + type
                                + "; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAG\n");

        assertThat(message.at("/security/kind").asString("")).isEqualTo(kind == null ? "" : kind);
        assertThat(message.at("/attachments/0/partId").asString()).isEqualTo("1");
    }

    @Test
    void aSignatureOfOldInTheText() {
        var message =
                read("Subject: x\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n");

        assertThat(message.at("/security/kind").asString()).isEqualTo("signed");
        assertThat(read("Subject: x\n\n> -----BEGIN PGP MESSAGE-----\n").has("security")).isFalse();
    }

    private JsonNode read(String message) {
        return api.json("/v1/messages/" + api.append(message) + "?include=text");
    }
}
