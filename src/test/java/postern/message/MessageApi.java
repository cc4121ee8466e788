package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.testserver.InMemoryServer;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A new account on the mail server in this JVM, accessed over HTTP and filled directly. */
final class MessageApi {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    private final MockMvcTester http;
    private final ImapConnections connections;
    private final JsonMapper json = JsonMapper.builder().build();
    private final String user = SERVER.newUser();
    private final Account account =
            new Account(
                    new ImapServer(SERVER.host(), SERVER.port(), Security.NONE),
                    user,
                    new Password(SERVER.password()));

    MessageApi(MockMvcTester http, ImapConnections connections) {
        this.http = http;
        this.connections = connections;
    }

    Account account() {
        return account;
    }

    void create(String mailbox) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            connection.create(MailboxName.of(mailbox));
        }
    }

    String mailboxId(String name) {
        return MailboxId.of(MailboxName.of(name)).text();
    }

    /** Appends a message to INBOX and returns its id. */
    String append(String message, Flag... flags) {
        return append("INBOX", message, flags);
    }

    String append(String mailbox, String message, Flag... flags) {
        var octets = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var appended =
                    connection.append(
                            MailboxName.of(mailbox),
                            Set.of(flags),
                            Instant.parse("2026-03-01T00:00:00Z"),
                            new ByteArrayInputStream(octets),
                            octets.length);
            return MessageId.of(requireNonNull(appended.message())).toString();
        }
    }

    /** Expunges the message as another client of the same user. */
    void expunge(String messageId) {
        MessageRef message = MessageId.parse(messageId).ref();
        try (var mailbox =
                connections.select(
                        account, message.mailbox(), Access.READ_WRITE, Lane.INTERACTIVE)) {
            mailbox.expunge(UidSet.of(message.uid()));
        }
    }

    MvcTestResult get(String path, Object... variables) {
        return http.get()
                .uri(path, variables)
                .header(HttpHeaders.AUTHORIZATION, authorization())
                .exchange();
    }

    MvcTestResult getUnless(String eTag, String path) {
        return http.get()
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, authorization())
                .header(HttpHeaders.IF_NONE_MATCH, eTag)
                .exchange();
    }

    MvcTestResult patch(String messageId, String body) {
        return patch(messageId, "*", body);
    }

    MvcTestResult patch(String messageId, String ifMatch, String body) {
        return http.patch()
                .uri("/v1/messages/{id}", messageId)
                .header(HttpHeaders.AUTHORIZATION, authorization())
                .header(HttpHeaders.IF_MATCH, ifMatch)
                .contentType("application/merge-patch+json")
                .content(body.replace('\'', '"'))
                .exchange();
    }

    MvcTestResult send(HttpMethod method, String path, String body) {
        return http.method(method)
                .uri(path)
                .header(HttpHeaders.AUTHORIZATION, authorization())
                .contentType("application/json")
                .content(body.replace('\'', '"'))
                .exchange();
    }

    JsonNode json(String path, Object... variables) {
        return json(get(path, variables), HttpStatus.OK);
    }

    JsonNode json(MvcTestResult result, HttpStatus status) {
        assertThat(result).hasStatus(status);
        return json.readTree(result.getResponse().getContentAsByteArray());
    }

    private String authorization() {
        var pair = user + ":" + SERVER.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
