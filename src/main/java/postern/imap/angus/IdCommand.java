package postern.imap.angus;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** ID (RFC 2971): some servers let nobody in who does not introduce himself. */
final class IdCommand extends Command {

    private final Map<String, String> server = new LinkedHashMap<>();

    IdCommand() {
        super("ID");
    }

    @Override
    void write(CommandLine line) {
        line.words("ID (\"name\" \"Postern\")");
    }

    @Override
    boolean take(Response response) {
        if (!response.skipWord("ID")) {
            return false;
        }
        response.skipSpaces();
        if (!response.skip('(')) {
            return true;
        }
        response.skipSpaces();
        while (!response.skip(')')) {
            var name = response.latin1();
            response.skipSpaces();
            var value = response.string();
            if (name != null && value != null) {
                server.put(
                        name.toLowerCase(Locale.ROOT), new String(value, StandardCharsets.UTF_8));
            }
            response.skipSpaces();
        }
        return true;
    }

    @Override
    boolean harmless() {
        return true;
    }

    Map<String, String> server() {
        return Map.copyOf(server);
    }
}
