package postern.benchmark;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Listing the newest messages. */
final class Lists {

    private static final int PARALLEL = 10;

    private final Scenario scenario;

    Lists(Scenario scenario) {
        this.scenario = scenario;
    }

    void run() throws Exception {
        list(50, scenario.atADistance(1.15), scenario.atADistance(1.15));
        list(1_000, scenario.onLoopback(2), scenario.onLoopback(1));
        connectAndList();
        listInParallel();
    }

    /**
     * The first list of a new user, with the mailbox selected, and the same list again. The bare
     * socket's connection is as new: Dovecot reads the list of all files for the first text that a
     * connection fetches.
     */
    private void list(int limit, Target firstTarget, Target againTarget) throws Exception {
        var bareFirst = new Samples();
        var bareAgain = new Samples();
        var first = new Samples();
        var again = new Samples();
        var list = scenario.mailbox().list(limit);
        try (var http = scenario.http()) {
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    _ -> {
                        var user = scenario.stranger();
                        scenario.acquaint(http, user);
                        try (var imap = scenario.acquainted(user)) {
                            bareFirst.time(() -> imap.commands(list));
                            first.time(() -> http.get(user, Scenario.LIST + limit));
                            bareAgain.time(() -> imap.commands(list));
                            again.time(() -> http.get(user, Scenario.LIST + limit));
                        }
                    },
                    bareFirst,
                    bareAgain,
                    first,
                    again);
        }
        report("list %,d, first time".formatted(limit), bareFirst, first, firstTarget);
        report("list %,d, again".formatted(limit), bareAgain, again, againTarget);
    }

    /** The first request of a new user: connect, log in, select, list. */
    private void connectAndList() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        var list = scenario.mailbox().list(50);
        try (var http = scenario.http()) {
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    _ -> {
                        var user = scenario.stranger();
                        bare.time(() -> {
                            try (var imap = BareImap.inbox(scenario.imap(), user)) {
                                imap.commands(list);
                            }
                        });
                        gateway.time(() -> http.get(user, Scenario.LIST + 50));
                    },
                    bare,
                    gateway);
        }
        report("connect, log in, select, list 50", bare, gateway, Target.NONE);
    }

    /** Ten pages at once for one account, all listed before, compared with one such page. */
    private void listInParallel() throws Exception {
        var one = new Samples();
        var ten = new Samples();
        var connections = new ArrayList<BareHttp>();
        try (var threads = Executors.newFixedThreadPool(PARALLEL)) {
            for (int i = 0; i < PARALLEL; i++) {
                connections.add(scenario.http());
            }
            var pages = pages(connections.getFirst());
            var all = new ArrayList<Callable<Long>>();
            for (int i = 0; i < PARALLEL; i++) {
                var http = connections.get(i);
                var page = pages.get(i);
                all.add(() -> http.get(scenario.owner(), page));
            }
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    round -> {
                        one.time(all.get(round % PARALLEL)::call);
                        ten.time(() -> await(threads.invokeAll(all)));
                    },
                    one,
                    ten);
        } finally {
            for (var http : connections) {
                http.close();
            }
        }
        scenario.report()
                .ratio(
                        scenario,
                        "ten lists of 50 at once, one account",
                        "gateway, one list",
                        one,
                        ten,
                        scenario.atADistance(3));
    }

    private List<String> pages(BareHttp http) throws IOException {
        var pages = new ArrayList<String>();
        var path = Scenario.LIST + 50;
        while (pages.size() < PARALLEL) {
            pages.add(path);
            var cursor = http.json(scenario.owner(), path).path("nextCursor").stringValue();
            path =
                    Scenario.LIST
                            + 50
                            + "&cursor="
                            + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        }
        return pages;
    }

    private static void await(List<Future<Long>> all) throws Exception {
        for (var each : all) {
            each.get();
        }
    }

    private void report(String work, Samples bare, Samples gateway, Target target) {
        scenario.report().ratio(scenario, work, "bare socket", bare, gateway, target);
    }
}
