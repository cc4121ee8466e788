package postern.search;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import postern.imap.message.UidSet;
import postern.testserver.AgreeableServer;

/**
 * A mail server with very many messages, which are generated on demand. Searches find all of them;
 * there is no SORT.
 */
final class EndlessMailbox implements AutoCloseable {

    private static final Pattern FETCH = Pattern.compile("UID FETCH ([0-9:,]+) \\(.*");

    private final AgreeableServer server;
    private final int messages;
    private final List<UidSet> fetched = new CopyOnWriteArrayList<>();

    private EndlessMailbox(int messages) throws IOException {
        this.messages = messages;
        this.server = AgreeableServer.start(this::answer);
    }

    static EndlessMailbox start(int messages) throws IOException {
        return new EndlessMailbox(messages);
    }

    /** Unique per message, and unrelated to the order of UIDs. */
    static long size(long uid) {
        return 1_000 + uid * 7_919 % 1_000_003;
    }

    String host() {
        return server.host();
    }

    int port() {
        return server.port();
    }

    /** The UIDs of each FETCH. */
    List<UidSet> fetched() {
        return fetched;
    }

    private String answer(String command, AgreeableServer.Client client) throws IOException {
        var fetch = FETCH.matcher(command);
        if (fetch.matches()) {
            fetch(UidSet.parse(fetch.group(1)), client);
        } else if (command.startsWith("UID SEARCH")) {
            var all = new StringBuilder("* SEARCH");
            for (int uid = 1; uid <= messages; uid++) {
                all.append(' ').append(uid);
            }
            client.say(all.toString());
        } else if (command.startsWith("LIST")) {
            client.say("* LIST () \"/\" INBOX");
        } else if (command.startsWith("EXAMINE") || command.startsWith("SELECT")) {
            client.say("* FLAGS ()");
            client.say("* %d EXISTS".formatted(messages));
            client.say("* OK [UIDVALIDITY 1] valid");
            client.say("* OK [UIDNEXT %d] next".formatted(messages + 1));
        }
        return "";
    }

    private void fetch(UidSet uids, AgreeableServer.Client client) throws IOException {
        fetched.add(uids);
        for (var all = uids.iterator(); all.hasNext(); ) {
            long uid = all.nextLong();
            client.say(
                    "* %d FETCH (UID %d FLAGS () RFC822.SIZE %d INTERNALDATE \" 1-Mar-2026 09:08:07 +0000\")"
                            .formatted(uid, uid, size(uid)));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
