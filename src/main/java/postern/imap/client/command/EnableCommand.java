package postern.imap.client.command;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** ENABLE of one extension (RFC 5161). */
public final class EnableCommand extends Command {

    private final String extension;
    private final Set<String> enabled = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    public EnableCommand(String extension) {
        super("ENABLE");
        this.extension = extension;
    }

    @Override
    public void write(CommandLine line) {
        line.words("ENABLE " + extension);
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("ENABLED")) {
            return false;
        }
        enabled.addAll(Arrays.asList(response.rest().strip().split(" +")));
        return true;
    }

    /** Whether the server has enabled it; some say OK and enable nothing. */
    public boolean enabled() {
        return ok() && enabled.contains(extension);
    }
}
