package postern.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import postern.testserver.FaultyProxy;
import tools.jackson.databind.JsonNode;

/**
 * What it costs to keep a copy of the mailbox: when nothing changed, when 1,000 messages did, and
 * when it must be listed anew. Trips and octets are those between gateway and mail server.
 */
final class Syncing {

    private static final int CHANGED = 1_000;
    private static final int PAGE = 10_000;
    private static final String CHANGES = "/v1/mailboxes/inbox/changes?limit=1000&since=";

    private final Scenario scenario;
    private final FaultyProxy link;
    private final Login user;

    Syncing(Scenario scenario, FaultyProxy link) {
        this.scenario = scenario;
        this.link = link;
        this.user = scenario.owner();
    }

    void run() throws IOException {
        try (var http = scenario.http()) {
            var state = state(http);
            for (int i = 0; i < scenario.warmUps(); i++) {
                http.get(user, CHANGES + state);
            }
            nothing(http, state);
            notModified(http);
            changes(http, state);
            relist(http);
        }
    }

    private String state(BareHttp http) throws IOException {
        return http.json(user, Scenario.LIST + "1&fields=id&withState=true")
                .path("state")
                .stringValue();
    }

    private void nothing(BareHttp http, String state) throws IOException {
        measure("sync, nothing changed", () -> http.get(user, CHANGES + state));
    }

    private void notModified(BareHttp http) throws IOException {
        var path = Scenario.LIST + "50&fields=subject,from";
        var tag = http.eTag(user, path);
        measure("list 50, 304", () -> http.notModified(user, path, tag));
    }

    private void changes(BareHttp http, String state) throws IOException {
        int step = scenario.mailbox().size() / CHANGED;
        var some =
                LongStream.range(0, CHANGED)
                        .mapToObj(i -> Long.toString(1 + i * step))
                        .collect(Collectors.joining(","));
        try (var imap = scenario.bareLogin()) {
            imap.command("SELECT INBOX");
            imap.command("UID STORE " + some + " +FLAGS.SILENT (synced)");
            measure("sync, 1,000 keywords changed", () -> http.get(user, CHANGES + state));
            imap.command("UID STORE " + some + " -FLAGS.SILENT (synced)");
        }
    }

    private void relist(BareHttp http) throws IOException {
        long before = System.nanoTime();
        long octets = 0;
        long packed = 0;
        int rows = 0;
        var path = Scenario.LIST + PAGE + "&fields=id&withState=true";
        for (String next = path; next != null; ) {
            var page = http.json(user, next);
            var text = page.toString().getBytes(StandardCharsets.UTF_8);
            octets += text.length;
            packed += packed(text);
            rows += page.path("items").size();
            next = page.has("nextCursor") ? path + "&cursor=" + cursor(page) : null;
        }
        double seconds = (System.nanoTime() - before) / 1e9;
        scenario.report()
                .figure(
                        "list anew with `fields=id`, pages of 10,000",
                        String.format(
                                Locale.ROOT,
                                "%,d rows in %.2f s, %.1f MiB, of which gzip makes %.1f MiB",
                                rows,
                                seconds,
                                octets / 1048576.0,
                                packed / 1048576.0));
    }

    private static String cursor(JsonNode page) {
        return URLEncoder.encode(page.path("nextCursor").stringValue(), StandardCharsets.UTF_8);
    }

    private static long packed(byte[] text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.size();
    }

    /** A request; returns the octets of its answer. */
    private interface Request {
        long send() throws IOException;
    }

    private void measure(String what, Request request) throws IOException {
        var times = new Samples();
        long trips = link.roundTrips();
        long received = link.toClient().octets();
        long sent = link.toServer().octets();
        long answer = 0;
        for (int i = 0; i < scenario.rounds(); i++) {
            long start = System.nanoTime();
            answer = request.send();
            times.add(System.nanoTime() - start);
        }
        int rounds = scenario.rounds();
        scenario.report()
                .figure(
                        what,
                        String.format(
                                Locale.ROOT,
                                "%.1f ms, %.1f round trips, %,d octets from the mail server and %,d to it,"
                                        + " %,d in the answer",
                                times.medianMillis(),
                                (link.roundTrips() - trips) / (double) rounds,
                                (link.toClient().octets() - received) / rounds,
                                (link.toServer().octets() - sent) / rounds,
                                answer));
    }
}
