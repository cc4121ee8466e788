package postern.message.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.imap.message.Flag;
import postern.message.part.HeaderField;

class MessageOriginTest {

    private static final String ONE_CLICK =
            """
            List-Unsubscribe: <mailto:leave@example.org>, <https://example.org/u/1>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            DKIM-Signature: v=1; a=rsa-sha256; d=example.org;
             h=From:To:Subject:List-Unsubscribe:
             List-Unsubscribe-Post; b=abc
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Auto-Submitted: auto-replied                    | auto-replied",
                "Auto-Submitted: auto-replied (vacation)         | auto-replied vacation",
                "Auto-Submitted: Auto-Generated; x=y             | auto-generated",
                "Auto-Submitted: auto-notified                   | auto-generated",
                "Auto-Submitted: no                              |",
                "X-Autoreply: yes                                | auto-replied vacation",
                "X-Autoreply: no                                 |",
                "Precedence: bulk                                | bulk",
                "Precedence: Junk                                | bulk",
                "Precedence: list                                | list",
                "Precedence: auto_reply                          | auto-replied",
                "Precedence: first-class                         |",
                "List-Id: News <news.example.org>                | list",
                "List-Post: NO                                   | list",
                "List-Unsubscribe: <mailto:a@example.org>        | bulk",
                "Content-Type: multipart/report; report-type=x   | report",
                "Content-Type: message/delivery-status           | report",
                "Content-Type: text/plain; name=report           |",
                "Return-Path: <>                                 | null-return-path",
                "Return-Path: <ada@example.org>                  |",
                "X-Auto-Response-Suppress: OOF, AutoReply        | reply-suppressed",
                "X-Auto-Response-Suppress: None                  |",
                "Subject: out of office                          |",
            })
    void aHeaderTellsHowAMessageIsAutomatic(String field, @Nullable String kinds) {
        assertThat(origin(field.strip()).automatic())
                .extracting(AutomaticKind::id)
                .containsExactlyElementsOf(
                        kinds == null ? List.of() : Arrays.asList(kinds.strip().split(" ")));
    }

    /** As these programs write them, shortened. */
    @Test
    void realMessagesAreRecognised() {
        assertThat(
                        kinds(
                                """
                                Return-Path: <>
                                Auto-Submitted: auto-replied (vacation)
                                Subject: =?utf-8?q?Ich_bin_dann_mal_weg?=
                                X-Sieve: Pigeonhole Sieve 0.5.19
                                Precedence: bulk
                                """))
                .containsExactly("auto-replied", "vacation", "bulk", "null-return-path");
        assertThat(
                        kinds(
                                """
                                Return-Path: <>
                                Subject: Automatic reply: Invoice
                                x-auto-response-suppress: All
                                auto-submitted: auto-generated
                                Content-Type: multipart/alternative; boundary="_000_"
                                """))
                .containsExactly("auto-generated", "null-return-path", "reply-suppressed");
        assertThat(
                        kinds(
                                """
                                Return-Path: <>
                                Subject: Undelivered Mail Returned to Sender
                                From: MAILER-DAEMON@mx.example (Mail Delivery System)
                                Auto-Submitted: auto-replied
                                MIME-Version: 1.0
                                Content-Type: multipart/report; report-type=delivery-status;
                                \tboundary="4XYZ.1772366400/mx.example"
                                """))
                .containsExactly("auto-replied", "report", "null-return-path");
        assertThat(
                        kinds(
                                """
                                Return-Path: <dev-bounces+ada=example.org@lists.example>
                                Precedence: list
                                List-Id: Development <dev.lists.example>
                                Archived-At: <https://lists.example/archives/x/>
                                List-Unsubscribe: <mailto:dev-leave@lists.example>
                                """))
                .containsExactly("bulk", "list");
        assertThat(
                        kinds(
                                """
                                Return-Path: <ada@example.org>
                                X-Mailer: Apple Mail (2.3826)
                                Content-Type: text/plain; charset=utf-8
                                X-Spam-Status: No, score=-2.1 tests=LIST_ID
                                """))
                .isEmpty();
    }

    private static List<String> kinds(String header) {
        return origin(header).automatic().stream().map(AutomaticKind::id).toList();
    }

    @Test
    void aMailingListIsToldWithItsUris() {
        var list =
                list(
                        """
                        List-Id: News of the garden <news.example.org>
                        List-Post: <mailto:news@example.org>
                        List-Subscribe: <https://example.org/join>
                        List-Unsubscribe: <https://example.org/leave>
                        List-Help: <mailto:help@example.org?subject=info>
                        List-Archive: <http://example.org/archive/>
                        """);

        assertThat(list)
                .isEqualTo(
                        new MailingList(
                                "news.example.org",
                                List.of("mailto:news@example.org"),
                                List.of("https://example.org/join"),
                                List.of("https://example.org/leave"),
                                false,
                                List.of("mailto:help@example.org?subject=info"),
                                List.of("http://example.org/archive/")));
        assertThat(origin("Subject: x\nList-Post: NO\n").list()).isNull();
    }

    @Test
    void oneClickNeedsASignatureOverBothFields() {
        assertThat(list(ONE_CLICK).oneClick()).isTrue();
        assertThat(list(ONE_CLICK + "Authentication-Results: mx; spf=fail; DKIM=Pass\n").oneClick())
                .isTrue();
        for (var broken :
                List.of(
                        ONE_CLICK.replaceAll("(?s)DKIM-Signature.*", ""),
                        ONE_CLICK.replace("List-Unsubscribe:\n", ""),
                        ONE_CLICK.replace(" List-Unsubscribe-Post;", " Date;"),
                        ONE_CLICK.replace("=One-Click", "=Two-Clicks"),
                        ONE_CLICK.replace("https:", "http:"),
                        ONE_CLICK + "List-Unsubscribe: <https://evil.example/>\n",
                        ONE_CLICK + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
                        ONE_CLICK + "Authentication-Results: mx; dkim=fail\n")) {
            assertThat(list(broken).oneClick()).as(broken).isFalse();
        }
    }

    @Test
    void aReceiptThatGoesToWhereTheMessageCameFromNeedsNoConfirmation() {
        var receipt =
                receipt(
                        "Return-Path: <ada@EXAMPLE.org>\n"
                                + "Disposition-Notification-To: Ada <ada@example.org>\n");

        assertThat(receipt)
                .isEqualTo(
                        new RequestedReceipt(
                                List.of(new EmailAddress("Ada", "ada@example.org")),
                                false,
                                true,
                                null));
        assertThat(receipt.inStateOf(Set.of(new Flag("$mdnsent"))).sent()).isTrue();
        assertThat(receipt.inStateOf(Set.of(Flag.SEEN)).sent()).isFalse();
        assertThat(receipt.inStateOf(null).sent()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Disposition-Notification-To: ada@example.org",
                "Return-Path: <>\nDisposition-Notification-To: ada@example.org",
                "Return-Path: <Ada@example.org>\nDisposition-Notification-To: ada@example.org",
                "Return-Path: <eve@example.org>\nDisposition-Notification-To: ada@example.org",
                "Return-Path: <a@x.example>\nDisposition-Notification-To: a@x.example, b@x.example",
                "Return-Path: <a@x.example>\nDisposition-Notification-To: a@x.example\nDisposition-Notification-To: b@x.example",
            })
    void anyOtherReceiptIsToBeConfirmed(String header) {
        assertThat(receipt(header).confirmationNeeded()).isTrue();
    }

    @Test
    void aReceiptWithUnknownDemandsIsNotPossible() {
        var asked = "Return-Path: <a@x.example>\nDisposition-Notification-To: a@x.example\n";

        assertThat(receipt(asked + "Disposition-Notification-Options: x=optional,y\n").possible())
                .isTrue();
        assertThat(receipt(asked + "Disposition-Notification-Options: x= required,y\n").possible())
                .isFalse();
        var many = new StringBuilder("Disposition-Notification-To: a@x.example");
        for (int i = 0; i < 5_000; i++) {
            many.append(", a").append(i).append("@x.example");
        }
        assertThat(receipt(many.toString()).possible()).isFalse();
        assertThat(receipt(many.toString()).to()).hasSize(10);
        assertThat(origin("Disposition-Notification-To: \n").receipt()).isNull();
    }

    private static MailingList list(String header) {
        return requireNonNull(origin(header).list());
    }

    private static RequestedReceipt receipt(String header) {
        return requireNonNull(origin(header).receipt());
    }

    private static MessageOrigin origin(String header) {
        return MessageOrigin.of(HeaderField.split(header.replace("\n", "\r\n").getBytes(UTF_8)));
    }
}
