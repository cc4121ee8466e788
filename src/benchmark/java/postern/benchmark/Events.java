package postern.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How soon a delivery is told, and what listeners cost that are told nothing. */
final class Events {

    private static final String MAILBOX = "Delivered";
    private static final double AT_MOST_MILLIS = 100;

    /** Dovecot tells what happens within half a second together. */
    private static final long SETTLED_MILLIS = 1_500;

    private static final int LISTENERS_EACH = 4;
    private static final long HEAP_PER_LISTENER = 16 << 10;
    private static final long RESIDENT = 512L << 20;
    private static final Duration TWO_HEARTBEATS = Duration.ofSeconds(35);

    private final Scenario scenario;

    Events(Scenario scenario) {
        this.scenario = scenario;
    }

    /** Both are told of the same deliveries, by connections that wait for them. */
    void delivery() throws Exception {
        try (var program = scenario.bareLogin()) {
            program.command("CREATE " + MAILBOX);
            try {
                deliver(
                        program,
                        "NOTIFY",
                        scenario.stranger(),
                        List.of(
                                "ENABLE CONDSTORE",
                                "NOTIFY SET (personal (MessageNew MessageExpunge FlagChange"
                                        + " MailboxName))"),
                        "/v1/events");
                var user = scenario.stranger();
                deliver(
                        program,
                        "IDLE",
                        user,
                        List.of("EXAMINE " + MAILBOX),
                        "/v1/events?mailboxId=" + mailboxId(user));
            } finally {
                program.command("DELETE " + MAILBOX);
            }
        }
    }

    private void deliver(
            BareImap program, String by, Login user, List<String> preparation, String path)
            throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        var message = "From: ada@example.org\r\nSubject: news\r\n\r\nText\r\n".getBytes(US_ASCII);
        var imap = BareImap.login(scenario.imap(), user);
        imap.commands(preparation);
        imap.begin("IDLE");
        try (var reports =
                        new Listening(
                                imap,
                                imap::line,
                                line -> line.contains(MAILBOX) || line.endsWith(" EXISTS"));
                var events = events(user, path)) {
            Rounds.run(
                    scenario.settings().warmUps(),
                    scenario.settings().rounds(),
                    _ -> {
                        reports.settle(SETTLED_MILLIS);
                        events.settle(SETTLED_MILLIS);
                        long start = System.nanoTime();
                        program.append(MAILBOX, List.of(message));
                        bare.add(reports.next() - start);
                        gateway.add(events.next() - start);
                    },
                    bare,
                    gateway);
        }
        scenario.report()
                .ratio(
                        scenario,
                        "delivery until the listener is told",
                        "bare socket, " + by,
                        bare,
                        gateway,
                        Target.NONE);
        double above = gateway.medianMillis() - bare.medianMillis();
        scenario.report()
                .figure(
                        "delivery until the listener is told, above the server's %s (%d ms)"
                                .formatted(by, scenario.roundTrip().toMillis()),
                        String.format(Locale.ROOT, "%.0f ms", above),
                        "< 100 ms " + (above < AT_MOST_MILLIS ? "met" : "**missed**"));
    }

    private Listening events(Login user, String path) throws IOException {
        var http = scenario.http();
        var lines = http.stream(user, path);
        while (!lines.next().startsWith("id: ")) {
            // it has begun when it has an id
        }
        return new Listening(
                http,
                lines,
                line ->
                        line.equals("event: mailbox.changed")
                                || line.equals("event: message.added"));
    }

    private String mailboxId(Login user) throws IOException {
        try (var http = scenario.http()) {
            for (var mailbox : http.json(user, "/v1/mailboxes").path("items")) {
                if (mailbox.path("name").stringValue().equals(MAILBOX)) {
                    return mailbox.path("id").stringValue();
                }
            }
        }
        throw new IOException("there is no mailbox " + MAILBOX);
    }

    /** One listener of each account, and then three more. */
    void listeners() throws Exception {
        var users = new ArrayList<>(scenario.mailbox().guests());
        users.add(scenario.owner());
        var open = new ArrayList<BareHttp>();
        try {
            long none = scenario.gateway().liveHeapOctets();
            listen(users, 1, open);
            long one = scenario.gateway().liveHeapOctets();
            listen(users, LISTENERS_EACH - 1, open);
            long all = scenario.gateway().liveHeapOctets();
            long each = (all - one) / ((LISTENERS_EACH - 1L) * users.size());
            report(
                    "live heap per idle listener of an account that is watched",
                    each,
                    HEAP_PER_LISTENER);
            scenario.report()
                    .figure(
                            "live heap per account that is watched, with its first listener",
                            kibi((one - none) / users.size()));
            long resident = scenario.gateway().residentOctets();
            scenario.report()
                    .figure(
                            "resident memory with %,d listeners over %,d accounts"
                                    .formatted(open.size(), users.size()),
                            "%d MiB".formatted(resident >> 20),
                            "≤ 512 MiB " + (resident <= RESIDENT ? "met" : "**missed**"));
        } finally {
            for (var http : open) {
                http.close();
            }
        }
    }

    private void report(String what, long octets, long most) {
        scenario.report()
                .figure(
                        what,
                        kibi(octets),
                        "≤ %s %s".formatted(kibi(most), octets <= most ? "met" : "**missed**"));
    }

    /** Returns after two heartbeats, from when on a stream holds nothing that it does not need. */
    private void listen(List<Login> users, int each, List<BareHttp> open) throws Exception {
        for (var user : users) {
            for (int i = 0; i < each; i++) {
                var http = scenario.http();
                open.add(http);
                var lines = http.stream(user, "/v1/events");
                while (!lines.next().startsWith("id: ")) {
                    // it has begun when it has an id
                }
            }
        }
        Thread.sleep(TWO_HEARTBEATS);
    }

    private static String kibi(long octets) {
        return String.format(Locale.ROOT, "%.1f KiB", octets / 1024.0);
    }
}
