package postern.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opening one message to read its text. */
final class Opening {

    private static final int CANDIDATES = 1_000;

    private record Message(int uid, String path) {
        String fetch() {
            return "UID FETCH "
                    + uid
                    + " (UID ENVELOPE FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[1])";
        }
    }

    private final Scenario scenario;

    Opening(Scenario scenario) {
        this.scenario = scenario;
    }

    void run() throws Exception {
        try (var imap = scenario.bareInbox();
                var http = scenario.http()) {
            var messages = plainMessages(http);
            open(
                    "open a message that was listed",
                    messages,
                    imap,
                    http,
                    false,
                    scenario.atADistance(1.15));
            open("open a message never seen", messages, imap, http, true, Target.NONE);
        }
    }

    /** The owner has listed these messages; for a new user nothing is cached about the same ids. */
    private void open(
            String work,
            List<Message> messages,
            BareImap imap,
            BareHttp http,
            boolean asAStranger,
            Target target)
            throws Exception {
        var bare = new Samples();
        var gateway = new Samples();
        Rounds.run(
                scenario.warmUps(),
                scenario.rounds(),
                round -> {
                    var message = messages.get(round % messages.size());
                    var user = asAStranger ? scenario.stranger() : scenario.owner();
                    scenario.acquaint(http, user);
                    if (asAStranger) {
                        timeAsAStranger(user, message, bare);
                    } else {
                        bare.time(() -> imap.command(message.fetch()));
                    }
                    gateway.time(() -> http.get(user, message.path()));
                },
                bare,
                gateway);
        scenario.report().ratio(scenario, work, "bare socket, one trip", bare, gateway, target);
    }

    /**
     * Uses a connection as new as the gateway's, since Dovecot reads the list of all files for the
     * first text that a connection fetches.
     */
    private void timeAsAStranger(Login user, Message message, Samples bare) throws Exception {
        try (var imap = scenario.acquainted(user)) {
            bare.time(() -> imap.command(message.fetch()));
        }
    }

    private List<Message> plainMessages(BareHttp http) throws IOException {
        var mailbox = scenario.mailbox();
        var items =
                http.json(scenario.owner(), Scenario.LIST + Math.min(CANDIDATES, mailbox.size()))
                        .path("items");
        var messages = new ArrayList<Message>();
        for (int i = 0; i < items.size(); i++) {
            int uid = mailbox.size() - i;
            if (mailbox.plainText(uid)) {
                checkOrder(uid, items.get(i).path("size").longValue());
                messages.add(
                        new Message(
                                uid,
                                "/v1/messages/"
                                        + items.get(i).path("id").stringValue()
                                        + "?include=text"));
            }
        }
        return messages;
    }

    private void checkOrder(int uid, long size) {
        if (size != scenario.mailbox().octets(uid)) {
            throw new IllegalStateException(
                    "the list is not newest first: message " + uid + " has " + size + " octets");
        }
    }
}
