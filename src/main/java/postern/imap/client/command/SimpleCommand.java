package postern.imap.client.command;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;

/** A command without a result: NOOP, DELETE, EXPUNGE and the like. */
public final class SimpleCommand extends Command {

    private final Consumer<CommandLine> line;
    private final @Nullable String refusal;

    public SimpleCommand(String verb, Consumer<CommandLine> line) {
        this(verb, line, null);
    }

    /**
     * @param refusal the exception's message for a NO without further information
     */
    public SimpleCommand(String verb, Consumer<CommandLine> line, @Nullable String refusal) {
        super(verb);
        this.line = line;
        this.refusal = refusal;
    }

    public static SimpleCommand noop() {
        return new SimpleCommand("NOOP", line -> line.words("NOOP"));
    }

    @Override
    public void write(CommandLine line) {
        this.line.accept(line);
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var exception = super.refusal(code, text);
        return refusal == null ? exception : inWords(refusal, exception);
    }
}
