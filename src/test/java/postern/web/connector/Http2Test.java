package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import postern.web.OnGreenMail;

/** HTTP/2 has the limits of HTTP/1.1, and one request does no harm to others on its connection. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.http2.enabled=true",
            "server.jetty.connection-idle-timeout=1h",
            "postern.body.max-unfinished-per-account=4",
            "postern.body.grace=1h",
            "postern.events.write-timeout=1h",
            "postern.events.heartbeat=1s"
        })
@ContextConfiguration(initializers = OnGreenMail.Server.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class Http2Test extends Http2Fixture {

    private static final String MESSAGES = "/v1/mailboxes/inbox/messages";
    private static final int FLOOD = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Autowired private ConfigurableApplicationContext context;
    @Autowired private MeterRegistry meters;

    @Test
    void aConnectionIsToldWhatItMayTake() throws Exception {
        var settings = client().settings();

        assertThat(settings)
                .containsEntry(SettingsFrame.MAX_CONCURRENT_STREAMS, 128)
                .containsEntry(SettingsFrame.ENABLE_CONNECT_PROTOCOL, 0)
                // the window is that of the protocol
                .doesNotContainKey(SettingsFrame.INITIAL_WINDOW_SIZE);
    }

    @Test
    void aRequestIsAnsweredWithoutAnUpgradeAndNotAfterOne() throws Exception {
        assertThat(get(client(), "/v1/account").status()).isEqualTo(200);

        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write(
                            ("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close, Upgrade,"
                                            + " HTTP2-Settings\r\nUpgrade: h2c\r\n"
                                            + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n")
                                    .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    /** HTTP/1.1 reads it, finds that it is HTTP/2, and hands over what it has read. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void whatComesAtOnceWithTheBeginningIsReadWhole(int frames) throws Exception {
        var all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        all.writeBytes(new byte[] {0, 0, 0, RawHttp2.SETTINGS, 0, 0, 0, 0, 0});
        for (int i = 0; i < frames; i++) {
            // 100 octets of a type that nobody knows, and is ignored
            all.writeBytes(new byte[] {0, 0, 100, 77, 0, 0, 0, 0, 0});
            all.writeBytes(new byte[100]);
        }
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(all.toByteArray());

            assertThat(socket.getInputStream().readNBytes(4)[3])
                    .isEqualTo((byte) RawHttp2.SETTINGS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17_000, 60_000})
    void aHeaderThatIsTooLongIsAProblemOfItsRequestAlone(int length) throws Exception {
        var client = client();

        var refused =
                client.get("/v1/account", credentials().add("X-Long", "x".repeat(length))).answer();

        assertThat(refused.status()).isEqualTo(431);
        assertThat(refused.headers().get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.body()).contains("\"headers-too-big\"");
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
    }

    @Test
    void aPathThatIsTooLongIsAProblemOfItsRequestAlone() throws Exception {
        var client = client();

        var refused = get(client, "/v1/mailboxes?x=" + "x".repeat(17_000));

        assertThat(refused.status()).isEqualTo(414);
        assertThat(refused.body()).contains("\"uri-too-long\"");
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
    }

    @Test
    void aPathThatCannotBeReadIsAProblem() throws Exception {
        var refused = get(client(), "/v1/mailboxes/a%2Fb");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("\"invalid-request\"");
    }

    @Test
    void jsonThatIsTooLargeIsRefusedAndTheClientToldToStop() throws Exception {
        var client = client();
        var login =
                client.begin(
                        "POST",
                        "/v1/sessions",
                        HttpFields.build().add("Content-Type", "application/json"),
                        false);
        login.send(("{\"username\": \"" + "x".repeat(5_000_000)).getBytes(US_ASCII), false);

        var refused = login.answer();

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.headers().contains("Connection")).isFalse();
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
    }

    /** Refused before any of it is read; what is on its way takes nothing of the connection. */
    @Test
    void anAnswerBeforeTheBodyLeavesTheConnectionUsable() throws Exception {
        var client = client();
        for (int i = 0; i < 20; i++) {
            var upload =
                    client.begin(
                            "POST",
                            "/v1/mailboxes/EEEEEE/messages",
                            credentials().add("Content-Type", "message/rfc822"),
                            false);
            upload.send(new byte[1_000_000], false);

            assertThat(upload.status()).isEqualTo(404);
        }

        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aSmallBodyIsAwaitedAndItsStreamEndsWithoutAReset() throws Exception {
        var upload =
                client().begin(
                                "POST",
                                "/v1/mailboxes/EEEEEE/messages",
                                credentials().add("Content-Type", "message/rfc822"),
                                false);
        upload.send(new byte[3_000], true);

        var refused = upload.answer();

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.reset()).isEqualTo(Http2Client.NO_RESET);
    }

    @Test
    void aBodyWithoutALengthIsCountedUntilItEnds() throws Exception {
        var client = client();
        assertThat(get(client, "/v1/account").status()).isEqualTo(200); // proves the password
        awaitUnfinished(0);
        var flood = new ArrayList<Http2Client.Exchange>();
        for (int i = 0; i < 8; i++) {
            flood.add(search(client, HttpFields.EMPTY).send("{".getBytes(US_ASCII), false));
        }
        await().atMost(PATIENCE)
                .until(() -> flood.stream().filter(Http2Client.Exchange::isAnswered).count() >= 4);
        awaitUnfinished(4);

        var refused = flood.stream().filter(Http2Client.Exchange::isAnswered).toList();
        assertThat(refused).hasSize(4);
        for (var search : refused) {
            assertThat(search.answer().status()).isEqualTo(429);
        }
        flood.removeAll(refused);
        for (var search : flood) {
            search.send("}".getBytes(US_ASCII), true);
            assertThat(search.answer().status()).isEqualTo(200);
        }
        awaitUnfinished(0);
    }

    @Test
    void aRequestThatEndsWithItsHeadHasNoBody() throws Exception {
        var client = client();
        for (int i = 0; i < 20; i++) {
            assertThat(get(client, "/v1/account").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyInFramesOfOneOctetIsRead() throws Exception {
        var search = search(client(), HttpFields.EMPTY);
        var json = "{" + " ".repeat(1_000) + "}";
        for (int i = 0; i < json.length(); i++) {
            search.send(new byte[] {(byte) json.charAt(i)}, i == json.length() - 1);
        }

        assertThat(search.answer().status()).isEqualTo(200);
    }

    @Test
    void aConnectionThatCancelsAllItAsksForIsEnded() throws Exception {
        try (var client = new RawHttp2(port)) {
            var end = CompletableFuture.supplyAsync(() -> goAway(client));
            for (int stream = 1; !end.isDone(); ) {
                var flood = new ByteArrayOutputStream();
                for (int i = 0; i < FLOOD; i++, stream += 2) {
                    flood.writeBytes(RawHttp2.get(stream));
                    flood.writeBytes(RawHttp2.cancel(stream));
                }
                try {
                    client.send(flood.toByteArray());
                } catch (IOException _) {
                    break; // the gateway has ended it
                }
            }

            assertThat(end.get().error()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM_ERROR.code);
        }
        assertThat(get(client(), "/v1/account").status()).isEqualTo(200);
    }

    private static RawHttp2.Frame goAway(RawHttp2 client) {
        try {
            return client.await(RawHttp2.GOAWAY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void eventsComeWhileOthersAskOnTheSameConnection(CapturedOutput log) throws Exception {
        var client = client();
        awaitListeners(0);
        var events = client.begin("GET", "/v1/events?mailboxId=inbox", credentials(), true);

        assertThat(events.status()).isEqualTo(200);
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);
        assertThat(listeners()).isEqualTo(1);
        events.reset(ErrorCode.CANCEL_STREAM_ERROR.code);

        awaitListeners(0);
        assertThat(log.getAll()).doesNotContain(" ERROR ");
    }

    private double listeners() {
        return meters.get("postern.listeners").gauge().value();
    }

    private void awaitListeners(int number) {
        await().atMost(PATIENCE).until(this::listeners, it -> it == number);
    }

    private void awaitUnfinished(int shares) {
        await().atMost(PATIENCE)
                .until(
                        () -> meters.get("postern.bodies.unfinished").gauge().value(),
                        it -> it == shares);
    }

    @Test
    void aPartOfAFileComesAsAskedFor() throws Exception {
        var client = client();
        var mail = "Subject: tea\r\n\r\n" + "0123456789".repeat(20_000);
        var raw = "/v1/messages/" + stored(client, mail) + "/raw";

        var whole = get(client, raw);
        var part = client.get(raw, credentials().add("Range", "bytes=16-25")).answer();

        assertThat(whole.body()).isEqualTo(mail);
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("0123456789");
        assertThat(part.headers().get("Content-Range")).startsWith("bytes 16-25/");
    }

    @Test
    @DirtiesContext
    void whatIsUnderWayGoesOnWhenTheProcessEnds() throws Exception {
        var client = client();
        var upload =
                client.begin(
                        "POST",
                        MESSAGES,
                        credentials().add("Content-Type", "message/rfc822"),
                        false);
        upload.send("Subject: tea\r\n\r\n".getBytes(US_ASCII), false);
        assertThat(get(client, "/v1/account").status()).isEqualTo(200);

        var end = CompletableFuture.runAsync(context::stop);
        assertThat(client.goAway().isGraceful()).isTrue();
        upload.send("come to tea\r\n".getBytes(US_ASCII), true);

        assertThat(upload.answer().status()).isEqualTo(201);
        end.get();
    }

    /** The sockets have taken all of it when the process ends, and the client has read nothing. */
    @Test
    @DirtiesContext
    void aSlowReaderGetsEveryOctetWhenTheProcessEnds() throws Exception {
        var mail = "Subject: tea\r\n\r\n" + "0123456789".repeat(20_000);
        var raw = "/v1/messages/" + stored(client(), mail) + "/raw";
        try (var reader = new RawHttp2(port)) {
            reader.send(RawHttp2.windowUpdate(mail.length()));
            reader.send(RawHttp2.get(1, raw, credentials().get("Authorization")));
            reader.await(RawHttp2.HEADERS);

            var end = CompletableFuture.runAsync(context::stop);
            var body = new ByteArrayOutputStream();
            RawHttp2.Frame data;
            do {
                data = reader.await(RawHttp2.DATA);
                body.writeBytes(data.payload());
                reader.send(RawHttp2.windowUpdate(Math.max(1, data.payload().length)));
            } while (!data.isLast());
            var ping = reader.await(RawHttp2.PING);

            assertThat(body.toString(US_ASCII)).isEqualTo(mail);
            assertThat(end).isNotDone();
            reader.send(RawHttp2.acknowledged(ping));
            end.get();
        }
    }

    private String stored(Http2Client client, String mail) throws Exception {
        var upload =
                client.begin(
                        "POST",
                        MESSAGES,
                        credentials().add("Content-Type", "message/rfc822"),
                        false);
        upload.send(mail.getBytes(US_ASCII), true);
        var stored = upload.answer();
        assertThat(stored.status()).as(stored.body()).isEqualTo(201);
        return stored.headers().get("Location").replaceFirst(".*/", "");
    }
}
