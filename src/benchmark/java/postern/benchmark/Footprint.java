package postern.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** The memory of the gateway: at rest, per pooled connection and per download. */
final class Footprint {

    private static final int CONNECTIONS = 1_000;
    private static final int AT_ONCE = 4;
    private static final int DOWNLOADS = 16;
    private static final long HEAP_PER_DOWNLOAD = 2 << 20;

    /** More than socket buffers hold, so that every download is in progress. */
    private static final long BEGINNING = 16 << 20;

    private static final long END = 8 << 20;
    private static final long BITE = 256 << 10;
    private static final long BITES_PAUSE = 50_000_000;

    private final Scenario scenario;
    private final Report report;

    Footprint(Scenario scenario) {
        this.scenario = scenario;
        this.report = scenario.report();
    }

    void run(IntSupplier openConnections) throws Exception {
        report.figure("resident memory at rest", mebi(scenario.gateway().residentOctets()));
        heapPerDownload();
        pooledConnections(openConnections);
    }

    /** The difference in live heap with and without sixteen downloads paused by their clients. */
    private void heapPerDownload() throws Exception {
        var users = new ArrayList<Login>();
        var connections = new ArrayList<BareHttp>();
        try {
            for (int i = 0; i < DOWNLOADS; i++) {
                users.add(scenario.stranger());
                connections.add(scenario.http());
                scenario.acquaint(connections.get(i), users.get(i));
            }
            var path = Downloads.path(scenario, connections.getFirst());
            completeOne(users, connections, path);
            long before = scenario.gateway().liveHeapOctets();
            var downloads = beginAll(users, connections, path);
            try (var threads = Executors.newFixedThreadPool(DOWNLOADS)) {
                var takers =
                        downloads.stream().map(each -> threads.submit(() -> take(each))).toList();
                heapPerDownload("taken at 5 MiB/s", before);
                for (var taker : takers) {
                    taker.get();
                }
            }
            heapPerDownload("whose clients have stopped", before);
        } finally {
            closeAll(connections);
        }
    }

    private void heapPerDownload(String which, long before) throws IOException {
        long each = (scenario.gateway().liveHeapOctets() - before) / DOWNLOADS;
        report.figure(
                "live heap per %d MiB download, %d under way, %s"
                        .formatted(scenario.settings().attachmentMiB(), DOWNLOADS, which),
                kibi(each),
                "< 2 MiB " + (each < HEAP_PER_DOWNLOAD ? "met" : "**missed**"));
    }

    /** Reads steadily and stops before the end. */
    private static Void take(BareHttp.Unfinished download) throws IOException {
        while (download.left() > END) {
            download.skip(BITE);
            LockSupport.parkNanos(BITES_PAUSE);
        }
        return null;
    }

    /** Completes one download first, so that one-time allocations are not counted. */
    private static void completeOne(List<Login> users, List<BareHttp> connections, String path)
            throws IOException {
        for (int i = 0; i < DOWNLOADS; i++) {
            connections.get(i).get(users.get(i), path);
        }
    }

    /** Begins downloads that are not finished; their connections are closed. */
    private static List<BareHttp.Unfinished> beginAll(
            List<Login> users, List<BareHttp> connections, String path) throws IOException {
        var downloads = new ArrayList<BareHttp.Unfinished>();
        for (int i = 0; i < DOWNLOADS; i++) {
            downloads.add(connections.get(i).getSome(users.get(i), path, BEGINNING));
        }
        return downloads;
    }

    /**
     * Sends several requests at once for each user, through a proxy so slow that each needs its own
     * connection.
     */
    private void pooledConnections(IntSupplier openConnections) throws Exception {
        long before = scenario.gateway().liveHeapOctets();
        int connectionsBefore = openConnections.getAsInt();
        var connections = new ArrayList<BareHttp>();
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < AT_ONCE; i++) {
                connections.add(scenario.http());
            }
            while (openConnections.getAsInt() < CONNECTIONS && scenario.strangers().hasNext()) {
                listAtOnce(threads, connections, scenario.stranger());
            }
        } finally {
            closeAll(connections);
        }
        int open = openConnections.getAsInt();
        long heap = scenario.gateway().liveHeapOctets() - before;
        report.figure(
                "resident memory with %,d pooled connections".formatted(open),
                mebi(scenario.gateway().residentOctets()));
        report.figure(
                "live heap per pooled connection",
                kibi(heap / Math.max(1, open - connectionsBefore)));
    }

    private static void listAtOnce(ExecutorService threads, List<BareHttp> connections, Login user)
            throws Exception {
        var requests = new ArrayList<Callable<Long>>();
        for (var http : connections) {
            requests.add(() -> http.get(user, Scenario.LIST + 1));
        }
        for (var each : threads.invokeAll(requests)) {
            each.get();
        }
    }

    private static void closeAll(List<BareHttp> connections) throws IOException {
        for (var http : connections) {
            http.close();
        }
    }

    private static String mebi(long octets) {
        return String.format(Locale.ROOT, "%.0f MiB", octets / 1048576.0);
    }

    private static String kibi(long octets) {
        return String.format(Locale.ROOT, "%.0f KiB", octets / 1024.0);
    }
}
