package postern.benchmark;

import java.io.IOException;
import java.util.ArrayList;

/** Changing many messages in one request. */
final class ManyAtOnce {

    private static final int MESSAGES = 1_000;

    private final Scenario scenario;

    ManyAtOnce(Scenario scenario) {
        this.scenario = scenario;
    }

    /**
     * Both sides alternately set and remove a flag of their own, so that every round changes every
     * message; each receives the other's changes with its next response.
     */
    void run() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        try (var imap = BareImap.writableInbox(scenario.imap(), scenario.owner());
                var http = scenario.http()) {
            var uids = scenario.mailbox().newest(MESSAGES);
            var ids = ids(http);
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    round -> {
                        boolean set = round % 2 == 0;
                        bare.time(() ->
                                imap.command(
                                        "UID STORE %s %sFLAGS.SILENT (\\Flagged)"
                                                .formatted(uids, set ? "+" : "-")));
                        var body =
                                "{\"ids\": %s, \"keywords\": {\"$answered\": %s}}"
                                        .formatted(ids, set);
                        gateway.time(() -> http.post(scenario.owner(), "/v1/messages/batch", body));
                    },
                    bare,
                    gateway);
        }
        scenario.report()
                .ratio(
                        scenario,
                        "batch flag of %,d messages".formatted(MESSAGES),
                        "bare socket, one UID STORE",
                        bare,
                        gateway,
                        new Target(1.5));
    }

    /** The ids as a JSON array. */
    private String ids(BareHttp http) throws IOException {
        var items = http.json(scenario.owner(), Scenario.LIST + MESSAGES).path("items");
        var ids = new ArrayList<String>();
        items.forEach(item -> ids.add('"' + item.path("id").stringValue() + '"'));
        if (ids.size() != MESSAGES) {
            throw new IllegalStateException(
                    "the mailbox has only %d messages".formatted(ids.size()));
        }
        return ids.toString();
    }
}
