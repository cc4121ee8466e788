package postern.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Multipart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockMultipartFile;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.message.part.StoredParts;
import postern.testserver.InMemoryServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import postern.web.transfer.SpoolSpace;
import tools.jackson.databind.json.JsonMapper;

/** New messages, on every server. */
@OnGreenMail
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class ComposeIT {

    @Parameter TestServer server;

    @Autowired private Drafts drafts;
    @Autowired private Replies replies;
    @Autowired private StoredParts stored;
    @Autowired private ImapConnections connections;
    @Autowired private JsonMapper json;
    @Autowired private ComposeProperties limits;
    @Autowired private SpoolSpace space;
    private ComposeFixture desk;

    @BeforeEach
    void anEmptyAccount() {
        desk = new ComposeFixture(server, drafts, stored, connections, json, limits, space);
    }

    @Test
    void storesAMessageAsItIsWithItsKeywords() throws Exception {
        var letter = "Subject: Grüße\nMessage-ID: <1@x>\n\nline\r\nline\rlast";

        var message = desk.upload(letter, "$flagged", "$seen");

        assertThat(new String(desk.octets(message), StandardCharsets.UTF_8))
                .startsWith("Subject: Grüße\r\nMessage-ID: <1@x>\r\n\r\nline\r\nline\r\nlast");
        assertThat(desk.flags(message)).contains(Flag.SEEN, Flag.FLAGGED);
    }

    @Test
    void storesALargeMessageWhoseLinesEndOtherwise() throws Exception {
        var letter = "Message-ID: <1@x>\n\n" + ("x".repeat(70) + "\n").repeat(20_000);

        var message = desk.upload(letter);

        assertThat(new String(desk.octets(message), StandardCharsets.UTF_8))
                .isEqualTo(letter.replace("\n", "\r\n"));
    }

    @Test
    void composesADraft() throws Exception {
        var message =
                desk.compose(
                        """
                        {'from': [{'name': 'Zoë', 'email': 'zoe@example.org'}],
                         'to': [{'name': 'Ada, Countess', 'email': 'ada@bücher.example'}],
                         'bcc': [{'email': 'b@example.org'}],
                         'subject': 'Mittag in der Küche?', 'text': 'Grüße\\nZoë',
                         'html': '<p>Grüße</p>', 'references': ['a@x', 'b@x'], 'inReplyTo': ['b@x']}
                        """);

        var read = desk.read(message);
        assertThat(read.getSubject()).isEqualTo("Mittag in der Küche?");
        assertThat(((InternetAddress) read.getFrom()[0]).getPersonal()).isEqualTo("Zoë");
        assertThat(read.getHeader("To", null))
                .isEqualTo("\"Ada, Countess\" <ada@xn--bcher-kva.example>");
        assertThat(read.getHeader("Bcc", null)).isEqualTo("b@example.org");
        assertThat(read.getHeader("References", null)).isEqualTo("<a@x> <b@x>");
        assertThat(read.getMessageID()).endsWith("@example.org>");
        assertThat(read.getSentDate()).isNotNull();
        assertThat(((Multipart) read.getContent()).getBodyPart(0).getContent())
                .isEqualTo("Grüße\r\nZoë");
        assertThat(desk.flags(message)).contains(Flag.DRAFT, Flag.SEEN);
    }

    @Test
    void takesFilesFromTheRequestAndFromTheMailServer() throws Exception {
        var octets = new byte[300_000];
        new Random(3).nextBytes(octets);
        var first =
                desk.composeWithFiles(
                        "{'text': 'x', 'html': '<img src=\\'cid:p\\'>', 'attachments': ["
                                        .replace("\\'", "\\\"")
                                + "{'part': 'f', 'name': 'Verträge.pdf'}, {'part': 'p', 'cid': 'p'}]}",
                        new MockMultipartFile("f", "a.pdf", "application/pdf", octets),
                        new MockMultipartFile("p", "p.png", "image/png", new byte[] {1, 2}));

        var second =
                desk.compose(
                        "{'text': 'fwd', 'attachments': [{'messageId': '%1$s', 'partId': '2'}, {'messageId': '%1$s'}]}"
                                .formatted(MessageId.of(first)));

        var mixed = (Multipart) desk.read(second).getContent();
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(octets);
        assertThat(MimeUtility.decodeText(mixed.getBodyPart(1).getHeader("Content-Type")[0]))
                .contains("application/pdf");
        assertThat(mixed.getBodyPart(1).getHeader("Content-Disposition")[0])
                .contains("filename*=UTF-8''Vertr%C3%A4ge.pdf");
        var letter = (MimeMessage) mixed.getBodyPart(2).getContent();
        assertThat(letter.getMessageID()).isEqualTo(desk.read(first).getMessageID());
    }

    @Test
    void replacesADraftAndNothingElse() throws Exception {
        var other = desk.compose("{'subject': 'stays', 'text': 'x'}");
        var old = desk.compose("{'subject': 'old', 'text': 'x'}");
        desk.store(old, FlagChange.add(Flag.FLAGGED));

        var replaced = desk.replace(old, null, "{'subject': 'new', 'text': 'y'}");

        assertThat(desk.read(replaced).getSubject()).isEqualTo("new");
        assertThat(desk.flags(replaced)).contains(Flag.DRAFT, Flag.FLAGGED);
        assertThat(desk.read(other).getSubject()).isEqualTo("stays");
        assertThat(desk.count()).isEqualTo(2);
        assertThatThrownBy(() -> desk.replace(old, null, "{'text': 'z'}"))
                .isInstanceOf(ImapException.MessageNotFound.class);
        assertThat(desk.count()).isEqualTo(2);
    }

    @Test
    void replacesOnlyDraftsAndOnlyInTheStateThatWasRead() {
        var letter = desk.upload("Subject: received\r\n\r\nx\r\n");
        var draft = desk.compose("{'subject': 'old', 'text': 'x'}");

        assertThatThrownBy(() -> desk.replace(letter, null, "{'text': 'z'}"))
                .isInstanceOf(ImapException.NotPossible.class);
        assertThatThrownBy(() -> desk.replace(draft, "\"m999999\"", "{'text': 'z'}"))
                .isInstanceOf(ImapException.MessageModified.class);
        assertThat(desk.count()).isEqualTo(2);
    }

    @Test
    void draftsAReplyInTheThread() throws Exception {
        var message =
                desk.upload(
                        """
                        From: Zo\u00eb <zoe@example.org>
                        To: me@example.org, Ada <ada@example.org>
                        Subject: AW: Mittag
                        Message-ID: <2@x>
                        References: <1@x>
                        MIME-Version: 1.0
                        Content-Type: text/html; charset=utf-8

                        <p>Gr\u00fc\u00dfe<script>alert(1)</script></p>
                        """);

        var draft =
                desk.reply(
                        replies,
                        message,
                        "{'all': true, 'mailboxId': 'inbox', 'ownAddresses': ['me@example.org'], 'text': 'Ja.'}");

        var read = desk.read(draft);
        assertThat(read.getSubject()).isEqualTo("Re: Mittag");
        assertThat(read.getHeader("From", null)).isEqualTo("me@example.org");
        assertThat(read.getHeader("To", null)).endsWith("<zoe@example.org>");
        assertThat(read.getHeader("Cc", null)).isEqualTo("Ada <ada@example.org>");
        assertThat(read.getHeader("References", null)).isEqualTo("<1@x> <2@x>");
        assertThat(read.getHeader("In-Reply-To", null)).isEqualTo("<2@x>");
        var alternatives = (Multipart) read.getContent();
        assertThat(alternatives.getBodyPart(0).getContent().toString())
                .startsWith("Ja.\r\n\r\nOn ")
                .contains("\r\n> Gr\u00fc\u00dfe");
        assertThat(alternatives.getBodyPart(1).getContent().toString())
                .contains("<blockquote", "<p>Gr\u00fc\u00dfe</p>")
                .doesNotContain("script");
        assertThat(desk.flags(draft)).contains(Flag.DRAFT);
    }

    @Test
    void forwardsWithTheFilesOrAsAFile() throws Exception {
        var message =
                desk.composeWithFiles(
                        "{'subject': 'bill', 'text': 'x', 'attachments': [{'part': 'f'}]}",
                        new MockMultipartFile("f", "a.pdf", "application/pdf", new byte[] {1, 2}));

        var inline = desk.forward(replies, message, "{'mailboxId': 'inbox'}");
        var enclosed =
                desk.forward(replies, message, "{'mailboxId': 'inbox', 'asAttachment': true}");

        assertThat(desk.read(inline).getSubject()).isEqualTo("Fwd: bill");
        var mixed = (Multipart) desk.read(inline).getContent();
        assertThat(mixed.getBodyPart(0).getContent().toString()).contains("Subject: bill\r\n");
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).containsExactly(1, 2);
        assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("a.pdf");
        var letter = ((Multipart) desk.read(enclosed).getContent()).getBodyPart(1);
        assertThat(letter.getFileName()).isEqualTo("bill.eml");
        assertThat(((MimeMessage) letter.getContent()).getSubject()).isEqualTo("bill");
    }

    @Test
    void answersAndPassesOnAMessageThatIsAttachedToAnother() throws Exception {
        var outer =
                desk.upload(
                        """
                        From: Ada <ada@example.org>
                        Subject: outer
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary=o

                        --o
                        Content-Type: text/plain

                        the outer text
                        --o
                        Content-Type: message/rfc822

                        From: Jo <jo@example.org>
                        To: me@example.org
                        Subject: inner
                        Message-ID: <2@x>
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary=i

                        --i
                        Content-Type: text/plain

                        the inner text
                        --i
                        Content-Type: application/pdf; name=a.pdf
                        Content-Disposition: attachment; filename=a.pdf
                        Content-Transfer-Encoding: base64

                        AQI=
                        --i--

                        --o--
                        """);
        var inner = new MessageId(outer, "2");

        var reply = desk.read(desk.reply(replies, inner, "{'mailboxId': 'inbox'}"));
        var forward = desk.read(desk.forward(replies, inner, "{'mailboxId': 'inbox'}"));
        var enclosed =
                desk.read(
                        desk.forward(
                                replies, inner, "{'mailboxId': 'inbox', 'asAttachment': true}"));

        assertThat(reply.getSubject()).isEqualTo("Re: inner");
        assertThat(reply.getHeader("To", null)).isEqualTo("Jo <jo@example.org>");
        assertThat(reply.getHeader("In-Reply-To", null)).isEqualTo("<2@x>");
        assertThat(forward.getSubject()).isEqualTo("Fwd: inner");
        var letter = ((Multipart) enclosed.getContent()).getBodyPart(1);
        assertThat(letter.getFileName()).isEqualTo("inner.eml");
        if (server == InMemoryServer.GREENMAIL) {
            return; // it returns embedded messages and their parts changed
        }
        assertThat(((MimeMessage) letter.getContent()).getSubject()).isEqualTo("inner");
        assertThat(reply.getContent().toString()).contains("> the inner text");
        var file = ((Multipart) forward.getContent()).getBodyPart(1);
        assertThat(file.getFileName()).isEqualTo("a.pdf");
        assertThat(file.getInputStream().readAllBytes()).containsExactly(1, 2);
    }
}
