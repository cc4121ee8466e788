package postern.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import postern.testserver.FaultyProxy;
import postern.testserver.PostfixServer;

/**
 * A message that is sent and filed, on connections that are warm. Its recipient is discarded, so
 * that no delivery goes on beside the next round.
 */
final class Sending {

    private static final String TO = "nobody@discard.example.org";
    private static final String SENT = "Sent";
    private static final int SMALL = 4 << 10;
    private static final int LARGE = 50 << 20;
    private static final int LARGE_WARM_UPS = 2;
    private static final int LARGE_ROUNDS = 5;

    /** Small sends for each warm-up round of a list, which does much more. */
    private static final int WARM_UPS = 20;

    private final Settings settings;
    private final Report report;
    private final Duration roundTrip;

    Sending(Settings settings, Report report, Duration roundTrip) {
        this.settings = settings;
        this.report = report;
        this.roundTrip = roundTrip;
    }

    void run() throws Exception {
        var server = PostfixServer.POSTFIX;
        try (var imap = link(server.port());
                var smtp = link(server.submissionPort())) {
            var submission = address(smtp, server.submissionPort());
            var arguments =
                    List.of(
                            "--postern.submission.host=" + submission.getHostString(),
                            "--postern.submission.port=" + submission.getPort(),
                            "--postern.submission.security=none",
                            // as the bare socket: nobody looks whether the server has done it
                            "--postern.submission.sent-copy=client");
            var mail = address(imap, server.port());
            try (var gateway =
                    Gateway.start(
                            settings.with(arguments),
                            mail,
                            "sending-" + roundTrip.toMillis() + "ms")) {
                var login = new Login(server.newUser(), server.password());
                measure(gateway, mail, submission, login);
            }
        }
    }

    private FaultyProxy link(int port) {
        return FaultyProxy.inFrontOf(PostfixServer.POSTFIX.host(), port).roundTripTime(roundTrip);
    }

    /** Without a proxy where there is nothing to delay. */
    private InetSocketAddress address(FaultyProxy link, int port) {
        return roundTrip.isZero()
                ? new InetSocketAddress(PostfixServer.POSTFIX.host(), port)
                : new InetSocketAddress(link.host(), link.port());
    }

    private void measure(
            Gateway gateway, InetSocketAddress mail, InetSocketAddress submission, Login login)
            throws Exception {
        var small = message(login, SMALL);
        var large = message(login, LARGE);
        var smallFile = Files.createTempFile(settings.output(), "small", ".eml");
        var largeFile = Files.createTempFile(settings.output(), "large", ".eml");
        Files.write(smallFile, small);
        Files.write(largeFile, large);
        try (var smtp = BareSmtp.login(submission, login);
                var imap = BareImap.login(mail, login);
                var http = new BareHttp(gateway.address())) {
            small(smtp, imap, http, login, small, smallFile);
            large(smtp, imap, http, login, large, largeFile);
        } finally {
            Files.delete(smallFile);
            Files.delete(largeFile);
        }
    }

    private void small(
            BareSmtp smtp, BareImap imap, BareHttp http, Login login, byte[] message, Path file)
            throws Exception {
        var data = new Samples();
        var chunk = new Samples();
        var gateway = new Samples();
        Rounds.run(
                settings.warmUps() * WARM_UPS,
                settings.rounds(),
                _ -> {
                    data.time(() -> {
                        smtp.data(from(login), TO, message);
                        imap.append(SENT, List.of(message));
                    });
                    chunk.time(() -> {
                        smtp.chunk(from(login), TO, message);
                        imap.append(SENT, List.of(message));
                    });
                    gateway.time(() -> send(http, login, file));
                },
                data,
                chunk,
                gateway);
        report.ratio(
                roundTrip,
                "send a small message",
                "bare sockets, DATA pipelined and one APPEND",
                data,
                gateway,
                target(1.15));
        report.ratio(
                roundTrip,
                "send a small message",
                "bare sockets, BDAT and one APPEND",
                chunk,
                gateway,
                Target.NONE);
    }

    private void large(
            BareSmtp smtp, BareImap imap, BareHttp http, Login login, byte[] message, Path file)
            throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        Rounds.run(
                LARGE_WARM_UPS,
                LARGE_ROUNDS,
                _ -> {
                    bare.time(() -> {
                        smtp.data(from(login), TO, message);
                        imap.append(SENT, List.of(message));
                    });
                    gateway.time(() -> send(http, login, file));
                },
                bare,
                gateway);
        report.ratio(
                roundTrip,
                String.format(
                        Locale.ROOT,
                        "send a message of 50 MiB (%.0f MiB/s)",
                        LARGE / 1048576.0 / gateway.medianMillis() * 1_000),
                "bare sockets, DATA pipelined and one APPEND",
                bare,
                gateway,
                target(1.25));
    }

    private Target target(double atMost) {
        return roundTrip.isZero() ? Target.NONE : new Target(atMost);
    }

    private static void send(BareHttp http, Login login, Path file) throws IOException {
        var sent = http.post(login, "/v1/send?rcptTo=" + TO, "message/rfc822", file);
        if (!sent.path("copy").path("outcome").asString().equals("stored")) {
            throw new IOException("a message was not filed: " + sent);
        }
    }

    private static String from(Login login) {
        return login.user() + "@example.org";
    }

    private static byte[] message(Login login, int octets) {
        var header =
                "From: %s\r\nTo: %s\r\nSubject: Hello\r\nDate: Mon, 30 Nov 2026 10:00:00 +0000\r\nMessage-ID: <benchmark@example.org>\r\n\r\n"
                        .formatted(from(login), TO)
                        .getBytes(US_ASCII);
        var line = ("x".repeat(70) + "\r\n").getBytes(US_ASCII);
        int lines = (octets - header.length) / line.length;
        var message = new byte[header.length + lines * line.length];
        System.arraycopy(header, 0, message, 0, header.length);
        for (int i = 0; i < lines; i++) {
            System.arraycopy(line, 0, message, header.length + i * line.length, line.length);
        }
        return message;
    }
}
