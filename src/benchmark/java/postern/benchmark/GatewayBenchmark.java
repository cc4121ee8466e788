package postern.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.testserver.FaultyProxy;
import postern.testserver.RealServer;

/** Compares the packaged gateway over HTTP with a bare socket speaking IMAP to the same Dovecot. */
public final class GatewayBenchmark {

    private static final int STARTS = 5;

    private final Settings settings;
    private final SharedMailbox mailbox;
    private final Report report;

    private GatewayBenchmark(Settings settings, SharedMailbox mailbox, Report report) {
        this.settings = settings;
        this.mailbox = mailbox;
        this.report = report;
    }

    /** Configured by system properties; {@code src/benchmark/Benchmark.java} is the entry point. */
    public static void measure() throws Exception {
        var settings = Settings.ofSystemProperties();
        if (!Files.exists(settings.jar())) {
            throw new IOException(
                    "there is no " + settings.jar() + ": run mvn -B -DskipTests package");
        }
        var server = RealServer.DOVECOT_2_3;
        System.out.printf("Filling a mailbox with %,d messages.%n", settings.messages());
        var mailbox =
                SharedMailbox.fill(
                        server,
                        settings.messages(),
                        settings.attachmentOctets(),
                        settings.output());
        var report = new Report(machine(settings, server.run("dovecot", "--version").strip()));
        new GatewayBenchmark(settings, mailbox, report).run();
        report.write(settings.output().resolve("benchmarks.md"));
    }

    private void run() throws Exception {
        if (settings.wants("search")) {
            Searching.prepare(mailbox);
        }
        if (settings.wantsRatios()) {
            ratios();
        }
        if (settings.wants("sending")) {
            new Sending(settings, report, Duration.ZERO).run();
            new Sending(settings, report, settings.roundTrip()).run();
        }
        if (settings.wants("footprint")) {
            startUp();
            footprint();
        }
        if (settings.wants("listeners")) {
            listeners();
        }
    }

    private void listeners() throws Exception {
        try (var gateway = Gateway.start(settings, mailbox.address(), "listeners")) {
            var scenario =
                    Scenario.of(
                            Duration.ZERO,
                            mailbox.address(),
                            null,
                            gateway,
                            mailbox,
                            settings,
                            report);
            new Events(scenario).listeners();
        }
    }

    private void ratios() throws Exception {
        measure(Duration.ZERO, mailbox.address(), null);
        try (var proxy = delaying(settings.roundTrip())) {
            measure(settings.roundTrip(), new InetSocketAddress(proxy.host(), proxy.port()), proxy);
        }
    }

    private void measure(Duration roundTrip, InetSocketAddress imap, @Nullable FaultyProxy link)
            throws Exception {
        System.out.printf("%nAt a round trip of %d ms:%n", roundTrip.toMillis());
        try (var gateway = Gateway.start(settings, imap, roundTrip.toMillis() + "ms")) {
            var scenario = Scenario.of(roundTrip, imap, link, gateway, mailbox, settings, report);
            BusyMinutes.passOn(scenario);
            if (settings.wants("lists")) {
                new Lists(scenario).run();
            }
            if (settings.wants("opening")) {
                new Opening(scenario).run();
            }
            if (settings.wants("downloads")) {
                new Downloads(scenario).run();
            }
            if (settings.wants("search")) {
                new Searching(scenario).run();
            }
            if (settings.wants("events")) {
                new Events(scenario).delivery();
            }
            if (settings.wants("transfer")) {
                new Transfers(scenario).run();
            }
            if (settings.wants("batch")) {
                new ManyAtOnce(scenario).run();
            }
            if (settings.wants("sync") && link != null) {
                new Syncing(scenario, link).run();
            }
        }
    }

    private void startUp() throws IOException {
        var samples = new Samples();
        for (int i = 0; i < STARTS; i++) {
            try (var gateway = Gateway.start(settings, mailbox.address(), "start")) {
                samples.add(gateway.startUp().toNanos());
            }
        }
        report.figure(
                "start-up, launch to ready (median of %d)".formatted(STARTS),
                String.format(Locale.ROOT, "%.2f s", samples.medianMillis() / 1_000));
    }

    private void footprint() throws Exception {
        try (var proxy = delaying(settings.roundTrip())) {
            var imap = new InetSocketAddress(proxy.host(), proxy.port());
            try (var gateway = Gateway.start(settings, imap, "footprint")) {
                var scenario =
                        Scenario.of(
                                settings.roundTrip(),
                                imap,
                                proxy,
                                gateway,
                                mailbox,
                                settings,
                                report);
                new Footprint(scenario).run(proxy::openConnections);
            }
        }
    }

    private FaultyProxy delaying(Duration roundTrip) {
        return FaultyProxy.inFrontOf(mailbox.address().getHostString(), mailbox.address().getPort())
                .roundTripTime(roundTrip);
    }

    private static String machine(Settings settings, String dovecot) {
        return "%s: %d processors, %s %s, JDK %s, Dovecot %s, %,d messages, flags of the gateway's JVM: %s; medians of %d rounds"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version(),
                        dovecot,
                        settings.messages(),
                        settings.jvmFlags().isEmpty()
                                ? "none"
                                : String.join(" ", settings.jvmFlags()),
                        settings.rounds());
    }
}
