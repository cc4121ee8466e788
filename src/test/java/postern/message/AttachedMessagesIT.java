package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.message.metadata.Include;
import postern.message.metadata.MessageAttachment;
import postern.message.part.AttachmentKind;
import postern.message.part.HeaderField;
import postern.testserver.InMemoryServer;
import postern.testserver.RealServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;

/** Each server describes attached messages differently. */
@OnGreenMail
class AttachedMessagesIT {

    private static final String INNERMOST =
            """
            From: Eve <eve@example.org>
            Subject: innermost
            Message-ID: <3@example.org>

            the innermost text
            """;

    private static final String INNER =
            """
            From: =?utf-8?q?Jos=C3=A9?= <jose@example.org>
            To: ada@example.org
            Subject: =?utf-8?q?caf=C3=A9?=
            Message-ID: <2@example.org>
            References: <0@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=i

            --i
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>the inner text, caf=C3=A9</p><img src=3D"cid:logo@x">
            --r
            Content-Type: image/gif
            Content-ID: <logo@x>
            Content-Transfer-Encoding: base64

            R0lGODlhAQABAAAAACw=
            --r--
            --i
            Content-Type: message/rfc822

            %s
            --i--
            """
                    .formatted(INNERMOST);

    private static final String OUTER =
            """
            From: Ada <ada@example.org>
            Subject: outer
            Message-ID: <1@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: text/plain

            the outer text
            --o
            Content-Type: message/rfc822
            Content-Disposition: attachment; filename="inner.eml"

            %s
            --o--
            """
                    .formatted(INNER);

    @Autowired private Messages messages;
    @Autowired private ImapConnections connections;
    @Autowired private MockMvcTester http;

    static Stream<TestServer> servers() {
        return Stream.concat(Stream.of(InMemoryServer.GREENMAIL), Stream.of(RealServer.values()));
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void areReadLikeMessages(TestServer server) {
        var account = account(server);
        var outer = append(account, OUTER);

        var attachment = messages.read(account, outer, Set.of()).attachments().getFirst();
        assertThat(attachment.kind()).isEqualTo(AttachmentKind.MESSAGE);
        assertThat(attachment.name()).isEqualTo("inner.eml");
        var id = MessageId.parse(requireNonNull(attachment.messageId()).toString());

        var inner = messages.read(account, id, Set.of(Include.TEXT, Include.HTML, Include.HEADERS));

        assertThat(inner.id()).isEqualTo(id);
        assertThat(inner.subject()).isEqualTo("caf\u00e9");
        assertThat(inner.from().getFirst().name()).isEqualTo("Jos\u00e9");
        assertThat(inner.internetMessageId()).isEqualTo("2@example.org");
        assertThat(inner.references()).containsExactly("0@example.org");
        assertThat(requireNonNull(inner.keywords()).all()).isEmpty();
        assertThat(requireNonNull(inner.text()).content()).contains("the inner text, caf\u00e9");
        assertThat(requireNonNull(inner.html()).content()).contains("the inner text, caf\u00e9");
        assertThat(requireNonNull(inner.headers())).extracting(HeaderField::name).contains("To");
        assertThat(requireNonNull(inner.structure()).type()).isEqualTo("multipart/mixed");
        assertThat(inner.attachments())
                .extracting(MessageAttachment::partId)
                .containsExactly("1.2", "2");
        assertThat(messages.html(account, id, RemoteContent.BLOCK, part -> "parts/" + part).page())
                .contains("src=\"parts/1.2\"");
    }

    @ParameterizedTest
    @EnumSource(RealServer.class)
    void mayHoldOthers(TestServer server) {
        var account = account(server);
        var outer = append(account, OUTER);
        var inner = attached(account, messages.read(account, outer, Set.of()));

        var innermost = attached(account, inner);

        assertThat(innermost.subject()).isEqualTo("innermost");
        assertThat(requireNonNull(innermost.text()).content().strip())
                .isEqualTo("the innermost text");
        assertThat(innermost.attachments()).isEmpty();
    }

    private MessageDetail attached(Account account, MessageDetail message) {
        var attachment = message.attachments().getLast();
        var id = requireNonNull(attachment.messageId(), () -> "no id for " + attachment);
        return messages.read(account, id, Set.of(Include.TEXT));
    }

    /** RFC 2046 §5.2.1 forbids an encoding here, but mail programs use one. */
    @ParameterizedTest
    @MethodSource("servers")
    void thatAreEncodedAreReadAsWell(TestServer server) {
        var account = account(server);
        var encoded =
                Base64.getMimeEncoder()
                        .encodeToString(crlf(INNER).getBytes(StandardCharsets.UTF_8))
                        .replace("\r\n", "\n");
        var outer =
                append(
                        account,
                        """
                        Subject: outer
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary=o

                        --o
                        Content-Type: text/plain

                        the outer text
                        --o
                        Content-Type: message/rfc822; name=inner.eml
                        Content-Transfer-Encoding: base64

                        %s
                        --o--
                        """
                                .formatted(encoded));

        var message = messages.read(account, outer, Set.of(Include.TEXT));

        assertThat(requireNonNull(message.text()).content()).contains("the outer text");
        assertThat(message.attachments()).hasSize(1);
        var attachment = message.attachments().getFirst();
        assertThat(attachment.name()).isEqualTo("inner.eml");
        var inner = attached(account, message);
        assertThat(inner.subject()).isEqualTo("caf\u00e9");
        assertThat(requireNonNull(inner.text()).content()).contains("the inner text, caf\u00e9");
        assertThat(attached(account, inner).subject()).isEqualTo("innermost");
    }

    /** This server describes the parts of an attached message but refuses to send them. */
    @Test
    void areReadAsFarAsTheServerLetsThem() {
        var account = account(InMemoryServer.GREENMAIL);
        var outer = append(account, OUTER.replace(INNER, INNERMOST));

        var innermost = attached(account, messages.read(account, outer, Set.of()));

        assertThat(innermost.subject()).isEqualTo("innermost");
        assertThat(innermost.degraded()).isTrue();
        assertThat(requireNonNull(innermost.text()).content().strip())
                .isEqualTo("the innermost text");
    }

    @Test
    void areNotChanged() {
        var account = account(InMemoryServer.GREENMAIL);
        var outer = append(account, OUTER);
        var id = messages.read(account, outer, Set.of()).attachments().getFirst().messageId();
        var path = "/v1/messages/" + id;
        var seen = "{\"keywords\": {\"$seen\": true}}";

        assertThat(exchange(account, HttpMethod.DELETE, path, ""))
                .hasStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(exchange(account, HttpMethod.PATCH, path, seen))
                .hasStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(exchange(account, HttpMethod.POST, path + "/copy", "{\"mailboxId\": \"inbox\"}"))
                .hasStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(exchange(account, HttpMethod.GET, path + "/html", "")).hasStatusOk();
    }

    @Test
    void areNotFoundWhereThereAreNone() {
        var account = account(InMemoryServer.GREENMAIL);
        var outer = append(account, OUTER);

        for (var part : List.of("1", "7")) {
            var path = "/v1/messages/" + new MessageId(outer.message(), part);
            for (var what : List.of("", "/raw", "/html", "/parts/1")) {
                assertThat(exchange(account, HttpMethod.GET, path + what, ""))
                        .hasStatus(HttpStatus.NOT_FOUND);
            }
        }
    }

    private MvcTestResult exchange(Account account, HttpMethod method, String path, String body) {
        var pair = account.user() + ":" + InMemoryServer.GREENMAIL.password();
        var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return http.method(method)
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, "Basic " + basic)
                .contentType("application/json")
                .content(body)
                .exchange();
    }

    private static Account account(TestServer server) {
        return new Account(
                new ImapServer(server.host(), server.port(), Security.NONE),
                server.newUser(),
                new Password(server.password()));
    }

    private MessageId append(Account account, String message) {
        var octets = crlf(message).getBytes(StandardCharsets.UTF_8);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.INBOX,
                            Set.of(),
                            Instant.parse("2026-03-01T12:00:00Z"),
                            new ByteArrayInputStream(octets),
                            octets.length);
            return MessageId.of(requireNonNull(appended.message()));
        }
    }

    private static String crlf(String message) {
        return message.replace("\n", "\r\n");
    }
}
