package postern.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Searching and sorting, in one large mailbox and in many small ones. */
final class Searching {

    private static final int MAILBOXES = 30;
    private static final int MESSAGES_EACH = 20;
    private static final String SENDER = "grace.hopper@navy.example";

    private final Scenario scenario;

    Searching(Scenario scenario) {
        this.scenario = scenario;
    }

    /** Creates the many small mailboxes, which all users of the server see. */
    static void prepare(SharedMailbox shared) throws IOException {
        try (var imap = BareImap.login(shared.address(), shared.owner())) {
            for (int box = 0; box < MAILBOXES; box++) {
                imap.command("CREATE " + name(box));
                for (int n = 0; n < MESSAGES_EACH; n++) {
                    imap.command("APPEND %s %s".formatted(name(box), literal(message(box, n))));
                }
            }
        }
    }

    private static String name(int box) {
        return "Bench-%02d".formatted(box);
    }

    /** One in ten is from the sender searched for. */
    private static String message(int box, int n) {
        var from = n % 10 == 0 ? SENDER : "somebody@example.org";
        return "From: %s\r\nTo: you@example.org\r\nSubject: %d in %d\r\n\r\nText.\r\n"
                .formatted(from, n, box);
    }

    private static String literal(String message) {
        return "{%d+}\r\n%s".formatted(message.length(), message);
    }

    void run() throws Exception {
        searchAndSort();
        searchEverywhere();
    }

    /** A page of fifty of all seen messages, sorted by subject. */
    private void searchAndSort() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        var body =
                "{\"mailboxIds\":[\"inbox\"],\"filter\":{\"unseen\":false},\"sort\":\"subject\",\"limit\":50}";
        try (var imap = scenario.bareInbox();
                var http = scenario.http()) {
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    _ -> {
                        bare.time(() -> imap.command("UID SORT (SUBJECT) US-ASCII SEEN"));
                        gateway.time(() -> http.post(scenario.owner(), "/v1/search", body));
                    },
                    bare,
                    gateway);
        }
        scenario.report()
                .ratio(
                        scenario,
                        "search and sort %,d, a page of 50".formatted(scenario.mailbox().size()),
                        "bare socket",
                        bare,
                        gateway,
                        scenario.onLoopback(1.5));
    }

    /** The same search in every mailbox, which a bare client runs sequentially. */
    private void searchEverywhere() throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        var body = "{\"filter\":{\"from\":\"%s\"}}".formatted(SENDER);
        try (var imap = BareImap.login(scenario.imap(), scenario.owner());
                var http = scenario.http()) {
            Rounds.run(
                    scenario.warmUps(),
                    scenario.rounds(),
                    _ -> {
                        bare.time(() -> {
                            for (var mailbox : everywhere()) {
                                imap.command("EXAMINE " + mailbox);
                                imap.command("UID SEARCH FROM \"" + SENDER + "\"");
                            }
                        });
                        gateway.time(() -> http.post(scenario.owner(), "/v1/search", body));
                    },
                    bare,
                    gateway);
        }
        scenario.report()
                .ratio(
                        scenario,
                        "search %d mailboxes".formatted(everywhere().size()),
                        "bare socket, one after the other",
                        bare,
                        gateway,
                        scenario.atADistance(1.0 / 3));
    }

    /** The mailboxes that the gateway searches by default: all except trash and junk. */
    private static List<String> everywhere() {
        var names = new ArrayList<>(List.of("INBOX", "Drafts", "Sent", "Archive"));
        for (int box = 0; box < MAILBOXES; box++) {
            names.add(name(box));
        }
        return names;
    }
}
