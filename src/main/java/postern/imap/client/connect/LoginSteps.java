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
    private final List<String> outcomes = new ArrayList<>();
    private int trips;

    /** The connection, which the greeting answers, counts as one. */
    void connected() {
        trips++;
    }

    /** A command was sent, of which nothing but its name is kept. */
    void sent(String command) {
        int end = command.indexOf(' ');
        verbs.add(end < 0 ? command : command.substring(0, end));
        outcomes.add("lost");
        trips++;
    }

    /** The server has ended the last command. */
    void answered(String outcome) {
        if (!outcomes.isEmpty()) {
            outcomes.set(outcomes.size() - 1, outcome);
        }
    }

    /** The server has asked for the rest of a command. */
    void continued() {
        trips++;
    }

    void ended(ImapServer server, String outcome) {
        var trace = RequestTrace.current();
        if (trace != null) {
            trace.ended(
                    new Step(
                            Step.Kind.CONNECT,
                            server.host(),
                            commands(outcome),
                            outcome,
                            trips,
                            started,
                            Step.since(started)));
        }
    }

    /** Each has the outcome of its tagged response, and the last one that of the login. */
    private List<Step.Command> commands(String outcome) {
        var commands = new ArrayList<Step.Command>();
        for (int i = 0; i < verbs.size(); i++) {
            boolean last = i == verbs.size() - 1;
            commands.add(new Step.Command(verbs.get(i), "", last ? outcome : outcomes.get(i)));
        }
        return commands;
    }
}
