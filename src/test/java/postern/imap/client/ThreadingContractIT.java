package postern.imap.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.MailboxName;
import postern.imap.client.connect.Connectors;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.testserver.TestServer;

/** The IMAP behaviour that conversations rely on, against every server. */
@ParameterizedClass(name = "{0}")
@MethodSource("postern.testserver.TestServer#all")
class ThreadingContractIT {

    private static final SectionRange REFERENCES =
            SectionRange.first(
                    Section.headerFields("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES"), 8_192);

    @Parameter TestServer server;

    private ImapConnection connection;

    @BeforeEach
    void connect() {
        connection = Connectors.connector().connect(Connectors.account(server, server.newUser()));
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    @Test
    void fetchesOnlyTheHeaderFieldsThatAreAskedFor() {
        long first = append("Message-ID: <a@x>\r\nSubject: one\r\n");
        long second =
                append(
                        "Message-ID: <b@x>\r\nSubject: Re: one\r\nIn-Reply-To: <a@x>\r\n"
                                + "References: <0@x>\r\n <a@x>\r\n");
        long third = append("Subject: none of them\r\n");

        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var messages =
                    inbox.fetch(UidSet.of(first, second, third), FetchItems.of().with(REFERENCES));

            assertThat(messages)
                    .extracting(message -> text(message.sections().get(REFERENCES)))
                    .satisfiesExactly(
                            one -> assertThat(one).contains("<a@x>").doesNotContain("Subject"),
                            two -> assertThat(two).contains("<b@x>", "<0@x>", "<a@x>"),
                            three -> assertThat(three).isBlank());
        }
    }

    @Test
    void tellsTheServersOwnIdentifiersOrNone() {
        long uid = append("Message-ID: <a@x>\r\nSubject: hello\r\n");

        try (var inbox = connection.select(MailboxName.INBOX, Access.READ_ONLY)) {
            var message = inbox.fetch(uid, FetchItems.of(FetchItem.EMAIL_ID, FetchItem.THREAD_ID));

            if (connection.capabilities().objectId()) {
                assertThat(message.emailId()).isNotEmpty();
            } else {
                assertThat(message.emailId()).isNull();
            }
            if (message.threadId() != null) {
                assertThat(inbox.search(new SearchTerm.InThread(message.threadId())))
                        .isEqualTo(UidSet.of(uid));
            }
        }
    }

    private static String text(byte @Nullable [] octets) {
        return new String(Objects.requireNonNull(octets), StandardCharsets.US_ASCII);
    }

    private long append(String header) {
        var octets = (header + "\r\ntext\r\n").getBytes(StandardCharsets.US_ASCII);
        var appended =
                connection.append(
                        MailboxName.INBOX,
                        Set.of(),
                        Instant.parse("2026-03-01T09:34:56Z"),
                        new ByteArrayInputStream(octets),
                        octets.length);
        return Objects.requireNonNull(appended.message()).uid();
    }
}
