package postern.imap.client.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.Namespaces;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** NAMESPACE (RFC 2342). */
public final class NamespaceCommand extends Command {

    private @Nullable Namespaces namespaces;

    public NamespaceCommand() {
        super("NAMESPACE");
    }

    @Override
    public void write(CommandLine line) {
        line.words("NAMESPACE");
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("NAMESPACE")) {
            return false;
        }
        namespaces = new Namespaces(group(response), group(response), group(response));
        return true;
    }

    private static List<Namespaces.Namespace> group(Response response) {
        response.skipSpaces();
        if (response.peek() != '(') {
            response.string(); // NIL
            return List.of();
        }
        var group = new ArrayList<Namespaces.Namespace>();
        response.list(() -> group.add(namespace(response)));
        return List.copyOf(group);
    }

    private static Namespaces.Namespace namespace(Response response) {
        response.expect('(');
        var prefix = response.latin1();
        response.skipSpaces();
        var delimiter = response.delimiter();
        response.skipSpaces();
        while (!response.skip(')')) {
            response.skipValue(); // an extension
            response.skipSpaces();
        }
        return new Namespaces.Namespace(prefix == null ? "" : prefix, delimiter);
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    /** Null where the server did not return any. */
    public @Nullable Namespaces namespaces() {
        return namespaces;
    }
}
