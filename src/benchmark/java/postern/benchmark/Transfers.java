package postern.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import postern.samplemail.SampleMail;

/** The export of a whole mailbox and the import of an mbox. */
final class Transfers {

    /** Upper bound on the growth of the live heap, for any size of mailbox. */
    private static final long MOST_HEAP = 32 << 20;

    private static final int WARM_UPS = 1;
    private static final int ROUNDS = 3;

    /** Minimum size of an imported message. */
    private static final int MESSAGE = 100 << 10;

    private static final long SEED = 11;
    private static final double AT_MOST = 1.5;
    private static final String EXPORT = "/v1/mailboxes/inbox/export?format=mbox";
    private static final String BARE = "imported-bare";
    private static final String GATEWAY = "imported";

    private final Scenario scenario;

    Transfers(Scenario scenario) {
        this.scenario = scenario;
    }

    void run() throws Exception {
        exportMailbox();
        importMbox();
    }

    private void exportMailbox() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        var octets = new long[1];
        try (var imap = scenario.bareInbox();
                var http = scenario.http()) {
            Rounds.run(
                    WARM_UPS,
                    ROUNDS,
                    _ -> {
                        bare.time(() ->
                                imap.command("UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])"));
                        gateway.time(() -> octets[0] = http.get(scenario.owner(), EXPORT));
                    },
                    bare,
                    gateway);
            scenario.report()
                    .ratio(
                            scenario,
                            "export of %,d messages as mbox (%s)"
                                    .formatted(
                                            scenario.mailbox().size(), speed(octets[0], gateway)),
                            "bare socket, one FETCH of everything",
                            bare,
                            gateway,
                            scenario.onLoopback(AT_MOST));
            heap("export", () -> http.get(scenario.owner(), EXPORT));
        }
    }

    private void importMbox() throws Exception {
        var messages = messages(scenario.settings().importOctets());
        var mbox = Files.createTempFile(scenario.settings().output(), "import", ".mbox");
        try (var imap = scenario.bareLogin();
                var http = scenario.http()) {
            write(messages, mbox);
            var bare = new Samples();
            var gateway = new Samples();
            Rounds.run(
                    WARM_UPS,
                    ROUNDS,
                    number -> {
                        renew(imap, number);
                        bare.time(() -> imap.append(BARE, messages));
                        var path = importPath(http);
                        gateway.time(() -> expectAll(http, path, mbox, messages.size()));
                    },
                    bare,
                    gateway);
            scenario.report()
                    .ratio(
                            scenario,
                            "import of an mbox with %,d messages (%s)"
                                    .formatted(messages.size(), speed(Files.size(mbox), gateway)),
                            "bare socket, APPENDs pipelined",
                            bare,
                            gateway,
                            scenario.onLoopback(AT_MOST));
            renew(imap, 1);
            var path = importPath(http);
            heap("import", () -> expectAll(http, path, mbox, messages.size()));
            remove(imap);
        } finally {
            Files.delete(mbox);
        }
    }

    /** Measures the maximum growth of the live heap during the work, on loopback only. */
    private void heap(String what, Samples.Work work) throws Exception {
        if (!scenario.roundTrip().isZero()) {
            return;
        }
        long before = scenario.gateway().liveHeapOctets();
        long most = before;
        try (var thread = Executors.newSingleThreadExecutor()) {
            var running =
                    thread.submit(() -> {
                        work.run();
                        return null;
                    });
            while (!running.isDone()) {
                most = Math.max(most, scenario.gateway().liveHeapOctets());
            }
            running.get();
        }
        scenario.report()
                .figure(
                        "live heap that an %s takes on top, at most".formatted(what),
                        String.format(Locale.ROOT, "%.1f MiB", (most - before) / 1048576.0),
                        "< 32 MiB " + (most - before < MOST_HEAP ? "met" : "**missed**"));
    }

    private static List<byte[]> messages(long octets) {
        var mail = new SampleMail(SEED);
        var messages = new ArrayList<byte[]>();
        long total = 0;
        for (int i = 0; total < octets; i++) {
            var message = withFile(mail.message(i).octets());
            messages.add(message);
            total += message.length;
        }
        return messages;
    }

    /**
     * Pads a message to the size of mail with a small file. Larger messages mean fewer of them, and
     * a server with one file per message needs longer the more there are. The padding becomes part
     * of the text, or the epilogue of a multipart.
     */
    private static byte[] withFile(byte[] message) {
        var line = ("x".repeat(76) + "\r\n").getBytes(US_ASCII);
        var longer = Arrays.copyOf(message, Math.max(message.length, MESSAGE));
        for (int at = message.length; at < longer.length; at += line.length) {
            System.arraycopy(line, 0, longer, at, Math.min(line.length, longer.length - at));
        }
        return longer;
    }

    private static void write(List<byte[]> messages, Path mbox) throws IOException {
        try (var out = new BufferedOutputStream(Files.newOutputStream(mbox))) {
            for (var message : messages) {
                out.write("From anne@example.com Sun Mar  1 09:08:07 2026\n".getBytes(US_ASCII));
                var quoted = new String(message, ISO_8859_1).replaceAll("(?m)^(>*From )", ">$1");
                out.write(quoted.getBytes(ISO_8859_1));
                out.write("\n\n".getBytes(US_ASCII));
            }
        }
    }

    private static void renew(BareImap imap, int number) throws IOException {
        if (number > 0) {
            remove(imap);
        }
        imap.command("CREATE " + BARE);
        imap.command("CREATE " + GATEWAY);
    }

    private static void remove(BareImap imap) throws IOException {
        imap.command("DELETE " + BARE);
        imap.command("DELETE " + GATEWAY);
    }

    private String importPath(BareHttp http) throws IOException {
        for (var mailbox : http.json(scenario.owner(), "/v1/mailboxes").path("items")) {
            if (mailbox.path("path").stringValue().equals(GATEWAY)) {
                return "/v1/mailboxes/" + mailbox.path("id").stringValue() + "/import";
            }
        }
        throw new IOException("there is no mailbox " + GATEWAY);
    }

    private void expectAll(BareHttp http, String path, Path mbox, int messages) throws IOException {
        var result = http.post(scenario.owner(), path, "application/mbox", mbox);
        if (result.path("imported").intValue() != messages) {
            throw new IOException("an import was not complete");
        }
    }

    private static String speed(long octets, Samples samples) {
        return String.format(
                Locale.ROOT,
                "%,d MiB, %.0f MiB/s",
                octets >> 20,
                octets / 1048576.0 / samples.medianMillis() * 1_000);
    }
}
