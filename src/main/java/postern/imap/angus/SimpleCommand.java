package postern.imap.angus;

import java.util.function.Consumer;

/** A command whose only answer is whether it was done: NOOP, CREATE, EXPUNGE and the like. */
final class SimpleCommand extends Command {

    private final Consumer<CommandLine> line;

    SimpleCommand(String verb, Consumer<CommandLine> line) {
        super(verb);
        this.line = line;
    }

    static SimpleCommand noop() {
        return new SimpleCommand("NOOP", line -> line.words("NOOP"));
    }

    @Override
    void write(CommandLine line) {
        this.line.accept(line);
    }
}
