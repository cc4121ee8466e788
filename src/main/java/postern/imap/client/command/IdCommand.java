package postern.imap.client.command;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** ID (RFC 2971). Some servers refuse further commands to clients that do not send it. */
public final class IdCommand extends Command {

    private final Map<String, String> server = new LinkedHashMap<>();

    public IdCommand() {
        super("ID");
    }

    @Override
    public void write(CommandLine line) {
        line.words("ID (\"name\" \"Postern\")");
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("ID")) {
            return false;
        }
        response.skipSpaces();
        if (response.peek() == '(') {
            response.list(() -> parameter(response));
        }
        return true;
    }

    private void parameter(Response response) {
        var name = response.latin1();
        response.skipSpaces();
        var value = response.utf8();
        if (name != null && value != null) {
            server.put(name.toLowerCase(Locale.ROOT), value);
        }
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    public Map<String, String> server() {
        return Map.copyOf(server);
    }
}
