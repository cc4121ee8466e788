package postern.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Downloads of the large attachment, and lists during such a download. */
final class Downloads {

    private static final int ATTEMPTS = 5;

    /** More than the proxy reads at full speed before its window is full. */
    private static final long BEGINNING = 8 << 20;

    private static final int OCTETS_A_TICK = 64 << 10;
    private static final Duration TICK = Duration.ofMillis(1);

    /** A download that signals when it has begun. */
    private interface Download {
        void run(CountDownLatch begun) throws IOException;
    }

    private final Scenario scenario;
    private final String fetch;

    Downloads(Scenario scenario) {
        this.scenario = scenario;
        this.fetch = "UID FETCH " + scenario.mailbox().largeUid() + " BODY.PEEK[2]";
    }

    void run() throws Exception {
        download();
        listDuringDownload("", scenario.atADistance(1.3));
        var link = scenario.link();
        if (link != null) {
            link.toClient().trickle(OCTETS_A_TICK, TICK);
            listDuringDownload(" over a link of some 50 MiB/s", scenario.atADistance(1.3));
            link.toClient().resume();
        }
    }

    /** The path of the large attachment. */
    static String path(Scenario scenario, BareHttp http) throws IOException {
        var newest =
                http.json(scenario.owner(), Scenario.LIST + 1)
                        .path("items")
                        .path(0)
                        .path("id")
                        .stringValue();
        var attachment =
                http.json(scenario.owner(), "/v1/messages/" + newest).path("attachments").path(0);
        return "/v1/messages/" + newest + "/parts/" + attachment.path("partId").stringValue();
    }

    private void download() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        try (var imap = scenario.bareInbox();
                var http = scenario.http()) {
            var path = path(scenario, http);
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    _ -> {
                        bare.time(() ->
                                expect(
                                        imap.command(fetch)
                                                > scenario.settings().attachmentOctets()));
                        gateway.time(() ->
                                expect(
                                        http.get(scenario.owner(), path)
                                                == scenario.settings().attachmentOctets()));
                    },
                    bare,
                    gateway);
        }
        var work =
                "%d MiB attachment (%.0f MiB/s decoded)"
                        .formatted(
                                scenario.settings().attachmentMiB(),
                                scenario.settings().attachmentMiB()
                                        / gateway.medianMillis()
                                        * 1_000);
        scenario.report()
                .ratio(
                        scenario,
                        work,
                        "bare socket, undecoded",
                        bare,
                        gateway,
                        scenario.onLoopback(1.5));
    }

    /**
     * The rows of the bare socket show how much of the difference is due to the machine and the
     * server.
     */
    private void listDuringDownload(String where, Target target) throws Exception {
        try (var imap = scenario.bareInbox();
                var busyImap = scenario.bareInbox();
                var http = scenario.http();
                var busyHttp = scenario.http()) {
            var page = scenario.mailbox().list(50);
            var path = path(scenario, http);
            compare(
                    "bare socket: ",
                    where,
                    Target.NONE,
                    () -> imap.commands(page),
                    begun -> drop(busyImap, begun));
            compare(
                    "",
                    where,
                    target,
                    () -> http.get(scenario.owner(), Scenario.LIST + 50),
                    begun -> drop(busyHttp, path, begun));
        }
    }

    private void compare(
            String who, String where, Target target, Samples.Work list, Download download)
            throws Exception {
        var alone = new Samples();
        var during = new Samples();
        int attempts = ATTEMPTS * scenario.rounds();
        for (int number = 0; number < scenario.warmUps(); number++) {
            list.run();
        }
        while (during.count() < scenario.rounds()) {
            if (attempts-- == 0) {
                throw new IOException("downloads end before a list does: nothing to measure");
            }
            alone.time(list);
            timeDuring(list, download, during);
        }
        var work =
                who
                        + "list 50 while a %d MiB download runs%s"
                                .formatted(scenario.settings().attachmentMiB(), where);
        scenario.report().ratio(scenario, work, "the same without", alone, during, target);
    }

    /** Records the time only if the download ended after the list. */
    private static void timeDuring(Samples.Work list, Download download, Samples samples)
            throws Exception {
        var begun = new CountDownLatch(1);
        var over = new AtomicBoolean();
        try (var thread = Executors.newSingleThreadExecutor()) {
            var running =
                    thread.submit(() -> {
                        try {
                            download.run(begun);
                        } finally {
                            over.set(true);
                            begun.countDown();
                        }
                        return null;
                    });
            begun.await();
            long elapsed = Samples.timed(list);
            if (!over.get()) {
                samples.add(elapsed);
            }
            running.get();
        }
    }

    private void drop(BareImap imap, CountDownLatch begun) throws IOException {
        var tag = imap.begin(fetch);
        begun.countDown();
        imap.finish(tag);
    }

    private void drop(BareHttp http, String path, CountDownLatch begun) throws IOException {
        var rest = http.getSome(scenario.owner(), path, BEGINNING);
        begun.countDown();
        rest.finish();
    }

    private static void expect(boolean complete) throws IOException {
        if (!complete) {
            throw new IOException("a download was not complete");
        }
    }
}
