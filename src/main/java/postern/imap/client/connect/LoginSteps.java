package postern.imap.client.connect;

import java.util.ArrayList;
import java.util.List;
import postern.account.ImapServer;
import postern.trace.RequestTrace;
import postern.trace.Step;

/** Counts what it takes to connect and log in, for who traces the request. */
final class LoginSteps {

    private final long started = System.nanoTime();
    private final List<String> verbs = new ArrayList<>();
    private int trips;

    /** The connection, which the greeting answers, counts as one. */
    void connected() {
        trips++;
    }

    /** A command was sent, of which nothing but its name is kept. */
    void sent(String command) {
        int end = command.indexOf(' ');
        verbs.add(end < 0 ? command : command.substring(0, end));
        trips++;
    }

    /** The server has asked for the rest of a command. */
    void continued() {
        trips++;
    }

    void ended(ImapServer server, String outcome) {
        var trace = RequestTrace.current();
        if (trace != null) {
            var commands = verbs.stream().map(verb -> new Step.Command(verb, "", outcome)).toList();
            trace.ended(
                    new Step(
                            Step.Kind.CONNECT,
                            server.host(),
                            commands,
                            outcome,
                            trips,
                            started,
                            Step.since(started)));
        }
    }
}
