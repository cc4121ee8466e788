package postern.benchmark;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a gateway has gone through before anything is timed: the owner pages through the whole
 * mailbox, twice, and opens a few hundred messages. A service runs for weeks, its first requests,
 * which the JVM interprets, are not what its users see.
 */
final class BusyMinutes {

    private static final int OPENED = 400;

    private final Scenario scenario;
    private final BareHttp http;

    private BusyMinutes(Scenario scenario, BareHttp http) {
        this.scenario = scenario;
        this.http = http;
    }

    static void passOn(Scenario scenario) throws IOException {
        try (var http = scenario.http()) {
            var minutes = new BusyMinutes(scenario, http);
            var messages = minutes.page(50);
            minutes.page(1_000);
            minutes.page(50);
            for (var id : messages.subList(0, Math.min(OPENED, messages.size()))) {
                http.get(scenario.owner(), "/v1/messages/" + id + "?include=text");
            }
        }
    }

    /** From the newest message to the oldest; gives the ids. */
    private List<String> page(int limit) throws IOException {
        var ids = new ArrayList<String>();
        var path = Scenario.LIST + limit;
        while (true) {
            var page = http.json(scenario.owner(), path);
            page.path("items").forEach(item -> ids.add(item.path("id").stringValue()));
            if (!page.has("nextCursor")) {
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
