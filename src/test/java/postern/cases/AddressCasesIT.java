package postern.cases;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ContextConfiguration;
import postern.account.SessionTokens;
import postern.testserver.AnyMailServer;
import postern.testserver.TestServer;
import postern.web.OnGreenMail;
import tools.jackson.databind.JsonNode;

/** Senders and recipients: in the list, in the message, and in the draft of a reply. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = {OnGreenMail.Server.class, AnyMailServer.class})
class AddressCasesIT {

    /**
     * A case and the expected result.
     *
     * @param to the To of a draft that replies to all
     */
    private record Case(
            String name, String from, String to, String cc, String replyTo, String all) {}

    private static final List<Case> CASES =
            List.of(
                    new Case(
                            "06-at-sign-in-unquoted-name",
                            "ann@example.org <ann@example.org>",
                            "bob@example.org <bob@example.org>; <cy@example.org>",
                            "dan@example.org <dan@example.org>; Eve <eve@example.org>",
                            "",
                            "ann@example.org <ann@example.org> | bob@example.org <bob@example.org>;"
                                    + " <cy@example.org>; dan@example.org <dan@example.org>; Eve"
                                    + " <eve@example.org>"),
                    new Case(
                            "07-dovecot-markers-as-addresses",
                            "Cron Daemon <root>",
                            "<ann>; <bob@example.org>",
                            "System <root>",
                            "",
                            " | <bob@example.org>"),
                    new Case(
                            "08-undisclosed-with-empty-brackets",
                            "Ann Example <ann@example.org>",
                            "",
                            "",
                            "",
                            "Ann Example <ann@example.org> | "),
                    new Case(
                            "10-comma-in-encoded-word-of-name",
                            "M\u00fcller, Ann <ann@example.org>",
                            "M\u00fcller, Bob <bob@example.org>; <cy@example.org>",
                            "",
                            "",
                            "M\u00fcller, Ann <ann@example.org> | M\u00fcller, Bob"
                                    + " <bob@example.org>; <cy@example.org>"),
                    new Case(
                            "11-semicolons-between-addresses",
                            "Ann <ann@example.org>",
                            "<bob@example.org>; <cy@example.org>; <dan@example.org>",
                            "",
                            "",
                            "Ann <ann@example.org> | <bob@example.org>; <cy@example.org>;"
                                    + " <dan@example.org>"),
                    new Case(
                            "29-reply-to-dot-before-at",
                            "Ann <\"ann.\"@example.org>",
                            "Bob Example <bob@example.org>",
                            "",
                            "",
                            "Ann <\"ann.\"@example.org> | Bob Example <bob@example.org>"),
                    new Case(
                            "h3-01-replyto-empty",
                            "Ann <ann@example.org>",
                            "<support@example.org>",
                            "",
                            "",
                            "Ann <ann@example.org> | "),
                    new Case(
                            "h3-02-replyto-name-only",
                            "Ann <ann@example.org>",
                            "<support@example.org>",
                            "",
                            "Jane Doe <>",
                            "Ann <ann@example.org> | "),
                    new Case(
                            "h3-04-replyto-8bit-idn",
                            "Ann <ann@example.org>",
                            "<support@example.org>",
                            "",
                            "<info@m\u00fcller.example>",
                            "<info@xn--mller-kva.example> | "),
                    new Case(
                            "h3-05-replyto-own-address",
                            "Ann <ann@example.org>",
                            "<support@example.org>",
                            "",
                            "<support@example.org>",
                            "Ann <ann@example.org> | "));

    @LocalServerPort private int port;
    @Autowired private SessionTokens tokens;

    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void areWhatTheSenderWrote(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        for (var right : CASES) {
            var row = mailbox.append(right.name());

            assertThat(said(row.path("from"))).as(right.name()).isEqualTo(right.from());
            assertThat(said(row.path("to"))).as(right.name()).isEqualTo(right.to());
            assertThat(said(row.path("cc"))).as(right.name()).isEqualTo(right.cc());
            var read = mailbox.message(row);
            assertThat(said(read.path("from"))).as(right.name()).isEqualTo(right.from());
            assertThat(said(read.path("to"))).as(right.name()).isEqualTo(right.to());
            assertThat(said(read.path("cc"))).as(right.name()).isEqualTo(right.cc());
            assertThat(said(read.path("replyTo"))).as(right.name()).isEqualTo(right.replyTo());
            assertThat(answered(mailbox, row)).as(right.name()).isEqualTo(right.all());
            assertUsable(mailbox, read);
        }
    }

    private static String answered(CaseMailbox mailbox, JsonNode row) {
        var request =
                """
                {"mailboxId": "inbox", "recipients": "all", "text": "Yes.",
                 "ownAddresses": ["support@example.org"]}
                """;
        var draft = mailbox.post("/messages/" + row.path("id").asString() + "/reply", request);
        var read = mailbox.get("/messages/" + draft.path("id").asString());
        return said(read.path("to")) + " | " + said(read.path("cc"));
    }

    /** Everything shown as an address is accepted as one. */
    private static void assertUsable(CaseMailbox mailbox, JsonNode message) {
        for (var field : List.of("from", "sender", "replyTo", "to", "cc", "bcc")) {
            for (var address : message.path(field)) {
                if (address.path("email").asString().contains("@")) {
                    mailbox.post("/mailboxes/inbox/messages", "{\"to\": [%s]}".formatted(address));
                }
            }
        }
    }

    /** Drafts of other clients contain placeholders of mail servers. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void areNotWhatAServerMadeUp(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        """
                        From: "Cron Daemon" <root@MISSING_DOMAIN>\r
                        To: MISSING_MAILBOX@MISSING_DOMAIN, ann@unspecified-domain, , bob@example.org\r
                        Cc: Undisclosed recipients <>, "ann lee"@example.org, a..b@example.org\r
                        Subject: made up\r
                        \r
                        Hi.\r
                        """
                                .getBytes(UTF_8));

        assertThat(said(row.path("from"))).isEqualTo("Cron Daemon <root>");
        assertThat(said(row.path("to"))).isEqualTo("<ann>; <bob@example.org>");
        assertThat(said(row.path("cc")))
                .isEqualTo("<\"ann lee\"@example.org>; <\"a..b\"@example.org>");
        assertThat(answered(mailbox, row))
                .isEqualTo(
                        " | <bob@example.org>; <\"ann lee\"@example.org>; <\"a..b\"@example.org>");
        assertUsable(mailbox, mailbox.message(row));
    }

    /** Mailing lists that set Reply-To, and what their members expect. */
    @ParameterizedTest
    @MethodSource("postern.testserver.TestServer#all")
    void theCallerChoosesWhoGetsAnAnswer(TestServer server) {
        var mailbox = CaseMailbox.on(server, port, tokens);
        var row =
                mailbox.append(
                        """
                        From: Ann <ann@example.org>\r
                        To: list@example.org\r
                        Reply-To: list@example.org\r
                        List-Post: <mailto:list%2Bin@example.org?subject=x> (moderated)\r
                        Subject: chosen\r
                        \r
                        Hi.\r
                        """
                                .getBytes(UTF_8));

        assertThat(answered(mailbox, row, "author")).isEqualTo("Ann <ann@example.org>");
        assertThat(answered(mailbox, row, "replyTo")).isEqualTo("<list@example.org>");
        assertThat(answered(mailbox, row, "list")).isEqualTo("<list+in@example.org>");
        assertThat(answered(mailbox, row, "all")).isEqualTo("<list@example.org>");
    }

    private static String answered(CaseMailbox mailbox, JsonNode row, String recipients) {
        var draft =
                mailbox.post(
                        "/messages/" + row.path("id").asString() + "/reply",
                        "{\"mailboxId\": \"inbox\", \"recipients\": \"%s\"}".formatted(recipients));
        return said(mailbox.get("/messages/" + draft.path("id").asString()).path("to"));
    }

    private static String said(JsonNode addresses) {
        return StreamSupport.stream(addresses.spliterator(), false)
                .map(a ->
                        (a.has("name") ? a.path("name").asString() + " " : "")
                                + "<"
                                + a.path("email").asString()
                                + ">")
                .collect(Collectors.joining("; "));
    }
}
