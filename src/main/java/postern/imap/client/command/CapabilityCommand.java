package postern.imap.client.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import postern.imap.Capabilities;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** CAPABILITY (RFC 9051 §6.1.1). */
public final class CapabilityCommand extends Command {

    private final List<String> names = new ArrayList<>();

    public CapabilityCommand() {
        super("CAPABILITY");
    }

    @Override
    public void write(CommandLine line) {
        line.words("CAPABILITY");
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("CAPABILITY")) {
            return false;
        }
        names.addAll(List.of(response.rest().trim().split(" +")));
        return true;
    }

    public Capabilities capabilities() {
        return new Capabilities(Set.copyOf(names));
    }
}
