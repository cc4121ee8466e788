package postern.imap.angus;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.imap.Capabilities;

/** CAPABILITY (RFC 9051 §6.1.1). */
final class CapabilityCommand extends Command {

    private final List<String> names = new ArrayList<>();

    CapabilityCommand() {
        super("CAPABILITY");
    }

    @Override
    void write(CommandLine line) {
        line.words("CAPABILITY");
    }

    @Override
    boolean take(Response response) {
        if (!response.skipWord("CAPABILITY")) {
            return false;
        }
        names.addAll(List.of(response.rest().trim().split(" +")));
        return true;
    }

    Capabilities capabilities() {
        return new Capabilities(Set.copyOf(names));
    }
}
