package postern.imap.client.command;

import java.util.Set;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/**
 * IDLE (RFC 2177). It takes no response: what the server reports is for the selected mailbox, too.
 */
public final class IdleCommand extends Command {

    private static final Set<String> NEWS = Set.of("EXISTS", "FETCH", "EXPUNGE", "VANISHED");

    private final Runnable reported;

    /**
     * @param reported runs for each response about messages of the mailbox
     */
    public IdleCommand(Runnable reported) {
        super("IDLE");
        this.reported = reported;
    }

    @Override
    public void write(CommandLine line) {
        line.words("IDLE");
    }

    @Override
    public boolean take(Response response) {
        if (response.atDigit()) {
            response.number();
            response.skipSpaces();
        }
        for (var word : NEWS) {
            if (response.skipWord(word)) {
                reported.run();
                return false;
            }
        }
        return false;
    }

    @Override
    public void expunged(long sequenceNumber) {
        reported.run();
    }
}
