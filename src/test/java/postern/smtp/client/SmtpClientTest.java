package postern.smtp.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import postern.account.AccessToken;
import postern.account.Credential;
import postern.account.ImapProperties;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.provider.MailServers;
import postern.provider.SmtpServer;
import postern.provider.TrustedAuthorities;
import postern.smtp.Envelope;
import postern.smtp.OutgoingMessage;
import postern.smtp.PoolableSmtpConnection;
import postern.smtp.SmtpException;
import postern.smtp.SmtpProperties;
import postern.smtp.Submission;
import postern.smtp.Submitter;
import postern.testserver.ScriptedSmtpServer;
import postern.testserver.SelfSignedCertificate;

class SmtpClientTest {

    private static final String STORE = "spring.ssl.bundle.jks.own.truststore";

    private static final ImapServer IMAP = new ImapServer("localhost", 993, Security.TLS);
    private static final String TEXT = "From: a@example.org\r\nBcc: c@example.org\r\n\r\n.Hi\r\n";
    private static final Envelope ENVELOPE =
            new Envelope("a@example.org", List.of("b@example.org", "c@example.org"));

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ScriptedSmtpServer server = ScriptedSmtpServer.usual();
    private long now;
    private Duration loginTimeout = LONG;
    private Duration commandTimeout = LONG;
    private Duration acceptTimeout = LONG;
    private Credential credential = new Password("secret");

    @AfterEach
    void stop() {
        server.close();
    }

    private PoolableSmtpConnection connect(Security security) {
        return connect(security, null);
    }

    private PoolableSmtpConnection connect(
            Security security, @Nullable SelfSignedCertificate certificate) {
        var bundles = new DefaultSslBundleRegistry();
        if (certificate != null) {
            var truststore = certificate.bundle("own");
            var details =
                    JksSslStoreDetails.forLocation(
                                    requireNonNull(truststore.get(STORE + ".location")))
                            .withPassword(requireNonNull(truststore.get(STORE + ".password")));
            bundles.registerBundle("own", SslBundle.of(new JksSslStoreBundle(null, details)));
        }
        var issuer = URI.create("https://issuer.example.org");
        var servers =
                MailServers.only(
                        new ImapProperties(IMAP.host(), IMAP.port(), IMAP.security(), issuer));
        var client =
                new SmtpClient(
                        new SmtpProperties(
                                LONG, loginTimeout, commandTimeout, acceptTimeout, null, true),
                        servers,
                        new TrustedAuthorities(
                                "postern.x", certificate == null ? null : "own", servers, bundles),
                        () -> now);
        var smtp = new SmtpServer(server.host(), server.port(), security);
        return client.open(new Submitter(IMAP, smtp, "anne", "anne", credential));
    }

    private Submission send(Envelope envelope, OutgoingMessage message) {
        try (var connection = connect(Security.NONE)) {
            return connection.send(envelope, message);
        }
    }

    private Submission send() {
        return send(ENVELOPE, new TextMessage(TEXT));
    }

    private List<String> after(String command) {
        var commands = server.commands();
        return commands.subList(commands.indexOf(command) + 1, commands.size());
    }

    @Test
    void sendsAMessageAndTellsWhatTheServerSaid() {
        var submission = send();

        assertThat(server.commands())
                .containsExactly(
                        "EHLO [127.0.0.1]",
                        "AUTH PLAIN " + base64("\0anne\0secret"),
                        "MAIL FROM:<a@example.org> SIZE=" + TEXT.length(),
                        "RCPT TO:<b@example.org>",
                        "RCPT TO:<c@example.org>",
                        "DATA",
                        ".",
                        "QUIT");
        assertThat(server.messages()).containsExactly("From: a@example.org\r\n\r\n..Hi\r\n");
        assertThat(submission.queueId()).isEqualTo("4XYZ");
        assertThat(submission.recipients())
                .allMatch(it -> it.accepted() && "2.1.0".equals(it.reply().enhanced()))
                .extracting("address")
                .containsExactly("b@example.org", "c@example.org");
    }

    @Test
    void tellsTheQueueIdsOfOtherServers() {
        server.answers(".", "250 OK id=1sABC-000-XY");
        assertThat(send().queueId()).isEqualTo("1sABC-000-XY");
        server.answers(".", "250 2.0.0 45T0 Message accepted for delivery");
        assertThat(send().queueId()).isEqualTo("45T0");
        server.answers(".", "250 2.0.0 OK  1712 a1-b2.3 - gsmtp");
        assertThat(send().queueId()).isEqualTo("a1-b2.3");
        server.answers(".", "250 thanks");
        assertThat(send().queueId()).isNull();
    }

    @Test
    void asksForWhatTheMessageNeedsAndTheServerOffers() {
        var envelope =
                new Envelope(
                        "j\u00f8rgen@example.org",
                        List.of("b@example.org"),
                        Set.of(Envelope.Report.FAILURE, Envelope.Report.DELAY),
                        false);

        send(envelope, new TextMessage(TEXT, true, false));

        assertThat(after("AUTH PLAIN " + base64("\0anne\0secret")))
                .startsWith(
                        "MAIL FROM:<j\u00f8rgen@example.org> SIZE=%d BODY=8BITMIME SMTPUTF8 RET=HDRS"
                                .formatted(TEXT.length()),
                        "RCPT TO:<b@example.org> NOTIFY=FAILURE,DELAY");
    }

    @Test
    void doesNotSendWhatTheServerCannotTake() {
        server.offers("AUTH PLAIN", "SIZE 10");
        assertThatThrownBy(() -> send(ENVELOPE, new TextMessage("x", true, false)))
                .isInstanceOf(SmtpException.NotPossible.class);
        assertThatThrownBy(() -> send(ENVELOPE, new TextMessage("x", false, true)))
                .isInstanceOf(SmtpException.NotPossible.class);
        assertThatThrownBy(() ->
                        send(
                                new Envelope("\u00fc@example.org", List.of("b@c")),
                                new TextMessage("x")))
                .isInstanceOf(SmtpException.NotPossible.class);
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.TooBig.class);

        assertThat(server.commands()).noneMatch(it -> it.startsWith("MAIL"));
    }

    @Test
    void waitsForEachAnswerWithoutPipelining() {
        server.offers("AUTH PLAIN").answers("RCPT TO:<b", "550 5.1.1 no");

        var submission = send();

        assertThat(submission.recipients()).extracting("accepted").containsExactly(false, true);
        assertThat(server.messages()).hasSize(1);
    }

    @Test
    void sendsToThoseWhoAreAcceptedAndTellsOfTheOthers() {
        server.answers("RCPT TO:<b", "550-5.1.1 <b@example.org>: not here", "550 5.1.1 ask them");

        var refused = send().recipients().getFirst();

        assertThat(refused.accepted()).isFalse();
        assertThat(refused.reply().status()).isEqualTo("550 5.1.1");
        assertThat(refused.reply().text()).isEqualTo("<b@example.org>: not here ask them");
        assertThat(server.messages()).hasSize(1);
    }

    @Test
    void sendsToNobodyWhereAllAreWantedAndOneIsRefused() {
        server.answers("RCPT TO:<c", "452 4.2.2 full");
        var all = new Envelope(ENVELOPE.mailFrom(), ENVELOPE.recipients(), Set.of(), true);

        var failure =
                catchThrowableOfType(
                        SmtpException.RecipientsRefused.class,
                        () -> send(all, new TextMessage(TEXT)));

        assertThat(failure.recipients()).extracting("accepted").containsExactly(true, false);
        assertThat(server.commands()).doesNotContain("DATA");
        assertThat(failure).hasMessage("the submission server refuses 1 of 2 recipients");
    }

    /** Even a server that says 354 after it has refused everybody (RFC 2920 §3.1). */
    @Test
    void sendsNothingToNobody() {
        server.answers("RCPT", "550 5.1.1 no");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.RecipientsRefused.class);

        assertThat(server.messages()).isEmpty();
    }

    @Test
    void sendsNothingAfterTheSenderWasRefused() {
        server.answers("MAIL", "550 5.7.1 not yours").answers("RCPT", "503 5.5.1 MAIL first");

        var failure = catchThrowableOfType(SmtpException.Refused.class, this::send);

        assertThat(failure.step()).isEqualTo(SmtpException.Step.SENDER);
        assertThat(failure.reply().enhanced()).isEqualTo("5.7.1");
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void sendsThousandsOfRecipientsWithoutADeadlock() {
        var many =
                IntStream.range(0, 3_000).mapToObj(i -> "user%d@example.org".formatted(i)).toList();
        server.answers("RCPT", "250 2.1.5 " + "x".repeat(900));

        assertThat(send(new Envelope("a@example.org", many), new TextMessage(TEXT)).recipients())
                .hasSize(3_000);
    }

    /** 64 MB with less than 2 MB of heap. */
    @Test
    void streamsALargeMessage() {
        long size = 64L << 20;
        var large =
                new OutgoingMessage() {
                    @Override
                    public InputStream open() {
                        return new InputStream() {
                            private long at;

                            @Override
                            public int read() {
                                return at == size ? -1 : ++at % 72 == 0 ? '\n' : 'x';
                            }

                            @Override
                            public int read(byte[] target, int offset, int length) {
                                int some = (int) Math.min(length, size - at);
                                for (int i = 0; i < some; i++) {
                                    target[offset + i] = (byte) read();
                                }
                                return some == 0 ? -1 : some;
                            }
                        };
                    }

                    @Override
                    public long length() {
                        return size;
                    }

                    @Override
                    public boolean eightBit() {
                        return false;
                    }

                    @Override
                    public boolean eightBitHeader() {
                        return false;
                    }
                };
        server.discards();
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var connection = connect(Security.NONE)) {
            long before = threads.getCurrentThreadAllocatedBytes();

            connection.send(ENVELOPE, large);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        }
        assertThat(server.commands()).contains(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA", "."})
    void tellsARefusalOfTheMessage(String step) {
        server.answers(step, "554 5.7.1 spam");

        var failure = catchThrowableOfType(SmtpException.Refused.class, this::send);

        assertThat(failure.step()).isEqualTo(SmtpException.Step.MESSAGE);
        assertThat(failure.getMessage()).contains("554 5.7.1").doesNotContain("spam");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"})
    void aConnectionThatEndsBeforeTheLastOctetHasSentNothing(String step) {
        server.drops(step);

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.Unreachable.class);
    }

    @Test
    void aConnectionThatEndsAfterTheLastOctetLeavesItUnknown() {
        server.drops(".");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.OutcomeUnknown.class);

        assertThat(server.messages()).hasSize(1);
    }

    @Test
    void aSenselessAnswerToTheWholeMessageLeavesItUnknown() {
        server.answers(".", "* what?");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.OutcomeUnknown.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "AUTH"})
    void noLoginTakesForEver(String step) {
        loginTimeout = SHORT;
        server.stalls(step);

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.TimedOut.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void waitsForNoAnswerForEver(String step) {
        commandTimeout = SHORT;
        server.stalls(step);

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.TimedOut.class);
    }

    @Test
    void doesNotKnowWhatBecameOfAMessageThatIsNotAnswered() {
        acceptTimeout = SHORT;
        server.stalls(".");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.OutcomeUnknown.class);
    }

    @Test
    void aMessageThatCannotBeReadIsNotSent() {
        var unreadable =
                new OutgoingMessage() {
                    @Override
                    public InputStream open() {
                        return new InputStream() {
                            private int left = 100_000;

                            @Override
                            public int read() throws IOException {
                                if (left-- <= 0) {
                                    throw new IOException("disk");
                                }
                                return 'x';
                            }
                        };
                    }

                    @Override
                    public long length() {
                        return 200_000;
                    }

                    @Override
                    public boolean eightBit() {
                        return false;
                    }

                    @Override
                    public boolean eightBitHeader() {
                        return false;
                    }
                };

        assertThatThrownBy(() -> send(ENVELOPE, unreadable))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"554 5.3.2 no", "421 4.3.2 later"})
    void tellsARefusedConnection(String greeting) {
        server.answers("CONNECT", greeting);

        var failure = catchThrowableOfType(SmtpException.Refused.class, this::send);

        assertThat(failure.step()).isEqualTo(SmtpException.Step.CONNECTION);
        assertThat(server.commands()).isEmpty();
    }

    @Test
    void tellsARefusedLogin() {
        server.answers("AUTH", "535 5.7.8 no");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.LoginRefused.class);
        server.answers("AUTH", "454 4.7.0 later");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.Refused.class);

        assertThat(server.commands()).noneMatch(it -> it.startsWith("MAIL"));
    }

    @Test
    void doesNotSendWithoutALogin() {
        server.offers("PIPELINING");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.NotPossible.class);

        assertThat(server.commands()).noneMatch(it -> it.startsWith("MAIL"));
    }

    @Test
    void logsInStepByStepWhereThereIsNoPlain() {
        server.offers("AUTH=LOGIN");

        send();

        assertThat(server.commands())
                .containsSubsequence("AUTH LOGIN", base64("anne"), base64("secret"));
    }

    @Test
    void logsInWithAnAccessToken() {
        credential = AccessToken.of("token", null);
        server.offers("AUTH XOAUTH2 OAUTHBEARER PLAIN");
        send();
        assertThat(server.commands())
                .contains(
                        "AUTH OAUTHBEARER "
                                + base64(
                                        "n,a=anne,\u0001host=127.0.0.1\u0001port=%d\u0001auth=Bearer token\u0001\u0001"
                                                .formatted(server.port())));
        server.offers("AUTH XOAUTH2 PLAIN");
        send();
        assertThat(server.commands())
                .contains("AUTH XOAUTH2 " + base64("user=anne\u0001auth=Bearer token\u0001\u0001"));
        server.offers("AUTH PLAIN LOGIN");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.NotPossible.class);
    }

    @Test
    void aLongTokenHasALineOfItsOwn() {
        credential = AccessToken.of("t".repeat(3_000), null);
        server.offers("AUTH XOAUTH2");

        send();

        assertThat(after("AUTH XOAUTH2").getFirst()).hasSizeGreaterThan(4_000);
    }

    @Test
    void answersTheExplanationOfARefusedToken() {
        credential = AccessToken.of("token", null);
        server.offers("AUTH OAUTHBEARER")
                .answers("AUTH", "334 e30=")
                .answers("AQ==", "535 5.7.8 no");

        assertThatThrownBy(this::send).isInstanceOf(SmtpException.LoginRefused.class);

        assertThat(server.commands()).contains("AQ==");
    }

    @Test
    void sendsNoPasswordWhereStarttlsIsMissingOrRefused() {
        assertThatThrownBy(() -> connect(Security.STARTTLS))
                .isInstanceOf(SmtpException.Unreachable.class);
        server.offers("STARTTLS", "AUTH PLAIN").answers("STARTTLS", "454 4.7.0 not now");
        assertThatThrownBy(() -> connect(Security.STARTTLS))
                .isInstanceOf(SmtpException.Refused.class);

        assertThat(server.commands()).noneMatch(it -> it.startsWith("AUTH"));
    }

    @Test
    void refusesWhatIsSaidBetweenStarttlsAndTls() {
        server.offers("STARTTLS", "AUTH PLAIN")
                .answers("STARTTLS", "220 2.0.0 go on", "250 injected");

        assertThatThrownBy(() -> connect(Security.STARTTLS))
                .isInstanceOf(SmtpException.ProtocolError.class);

        assertThat(server.commands()).last().isEqualTo("STARTTLS");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "STARTTLS"})
    void logsInBehindTls(Security security) {
        var certificate = SelfSignedCertificate.of(List.of("ip:127.0.0.1"));
        server.withTls(certificate.context(), security == Security.TLS)
                .offers("STARTTLS", "AUTH PLAIN");

        try (var connection = connect(security, certificate)) {
            connection.send(ENVELOPE, new TextMessage(TEXT));
            connection.rest(Duration.ofMinutes(1));
            assertThat(connection.wake()).as("it is kept").isTrue();
            connection.send(ENVELOPE, new TextMessage(TEXT));
        }

        assertThat(server.commands())
                .filteredOn(it -> it.startsWith("EHLO"))
                .hasSize(security == Security.TLS ? 1 : 2);
        assertThat(server.messages()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "STARTTLS"})
    void sendsNothingToAServerThatIsNotTrusted(Security security) {
        var unknown = SelfSignedCertificate.of(List.of("ip:127.0.0.1"));
        server.withTls(unknown.context(), security == Security.TLS).offers("STARTTLS");
        assertThatThrownBy(() -> connect(security, null))
                .isInstanceOf(SmtpException.CertificateNotTrusted.class)
                .hasMessage(
                        "the certificate of the submission server comes from no authority that is"
                                + " trusted");
        var misnamed = SelfSignedCertificate.of(List.of("dns:smtp.example.org"));
        server.withTls(misnamed.context(), security == Security.TLS);
        assertThatThrownBy(() -> connect(security, misnamed))
                .isInstanceOf(SmtpException.CertificateNotTrusted.class)
                .hasMessage(
                        "the certificate of the submission server is for another name, or cannot be"
                                + " used");

        assertThat(server.commands()).noneMatch(it -> it.startsWith("AUTH"));
    }

    @Test
    void readsNoMoreOfAnAnswerThanItsBounds() {
        server.answers("EHLO", "250 " + "x".repeat(10_000));
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.ProtocolError.class);
        server.answers(
                "EHLO", IntStream.range(0, 300).mapToObj(_ -> "250-x").toArray(String[]::new));
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.ProtocolError.class);
        server.answers("EHLO", "250-x", "550 y");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.ProtocolError.class);
        server.answers("EHLO", "HTTP/1.1 400");
        assertThatThrownBy(this::send).isInstanceOf(SmtpException.ProtocolError.class);
    }

    @Test
    void anAddressIsNoCommand() {
        assertThatThrownBy(() -> new Envelope("x@example.org", List.of("")))
                .isInstanceOf(IllegalArgumentException.class);
        for (var address : List.of("a@b>\r\nDATA", "a@b> SIZE=0", "a b@c", "a@b\0", "<a@b>")) {
            assertThatThrownBy(() -> new Envelope("x@example.org", List.of(address)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Envelope(address, List.of("x@example.org")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
