package postern.benchmark;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The warm-up of a gateway before anything is timed: several users at once list the whole mailbox
 * in large pages and many times in small ones, open messages and download the large attachment. A
 * service runs for weeks, so the first ten thousand requests, during which the JVM interprets and
 * compiles, are not representative.
 */
final class BusyMinutes {

    private static final int USERS = 4;
    private static final int SMALL_PAGES = 2_000;
    private static final int OPENED = 600;
    private static final int DOWNLOADS = 60;

    private final Scenario scenario;
    private final Login user;
    private final BareHttp http;

    private BusyMinutes(Scenario scenario, Login user, BareHttp http) {
        this.scenario = scenario;
        this.user = user;
        this.http = http;
    }

    static void passOn(Scenario scenario) throws Exception {
        var users =
                Stream.concat(
                                Stream.of(scenario.owner()),
                                Stream.generate(scenario::stranger).limit(USERS - 1L))
                        .toList();
        try (var threads = Executors.newFixedThreadPool(USERS)) {
            for (var done : threads.invokeAll(users.stream().map(each(scenario)).toList())) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the gateway failed before anything was timed", e);
        }
    }

    private static Function<Login, Callable<Void>> each(Scenario scenario) {
        return user ->
                () -> {
                    try (var http = scenario.http()) {
                        new BusyMinutes(scenario, user, http).run();
                    }
                    return null;
                };
    }

    private void run() throws IOException {
        var messages = page(1_000, Integer.MAX_VALUE);
        for (int pages = 0; pages < SMALL_PAGES; pages += 400) {
            page(50, 400);
        }
        for (var id : messages.subList(0, Math.min(OPENED, messages.size()))) {
            http.get(user, "/v1/messages/" + id + "?include=text");
        }
        var attachment = Downloads.path(scenario, http);
        for (int i = 0; i < DOWNLOADS; i++) {
            http.get(user, attachment);
        }
    }

    /** Lists pages from the newest message on; returns the ids. */
    private List<String> page(int limit, int pages) throws IOException {
        var ids = new ArrayList<String>();
        var path = Scenario.LIST + limit;
        for (int number = 1; ; number++) {
            var page = http.json(user, path);
            page.path("items").forEach(item -> ids.add(item.path("id").stringValue()));
            if (!page.has("nextCursor") || number == pages) {
                return ids;
            }
            var cursor = page.path("nextCursor").stringValue();
            path =
                    Scenario.LIST
                            + limit
                            + "&cursor="
                            + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        }
    }
}
