package postern.imap.angus;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.UidSet;

/**
 * UID FETCH of one section of one message, whose answer is streamed unless it comes as a quoted
 * string or NIL.
 */
final class StreamCommand extends Command {

    private final long uid;
    private final String item;
    private boolean answered;
    private byte @Nullable [] octets;

    /**
     * @param item the section as it is asked for, such as {@code BODY.PEEK[2]<0.100>}
     */
    StreamCommand(long uid, String item) {
        super("FETCH");
        this.uid = uid;
        this.item = item;
    }

    @Override
    void write(CommandLine line) {
        line.uid("FETCH", UidSet.of(uid)).words(" (UID " + item + ")");
    }

    @Override
    boolean take(Response response) {
        int start = response.position();
        if (response.peek() < '0' || response.peek() > '9') {
            return false;
        }
        response.number();
        response.skipSpaces();
        if (!response.skipWord("FETCH")) {
            response.seek(start);
            return false;
        }
        response.skipSpaces();
        response.expect('(');
        response.skipSpaces();
        while (!response.skip(')')) {
            item(response);
            response.skipSpaces();
        }
        return true;
    }

    private void item(Response response) {
        var name = response.itemName();
        response.skipSpaces();
        if (name.startsWith("BODY[") || name.startsWith("BINARY[")) {
            answered = true;
            octets = response.string();
        } else if (name.equals("UID")) {
            answered |= response.number() == uid;
        } else {
            response.skipValue();
        }
    }

    /** The answer that was no literal. */
    byte[] octets() {
        if (!answered) {
            throw new ImapException.MessageNotFound();
        }
        if (octets == null) {
            throw new ImapException.PartNotFound();
        }
        return octets;
    }
}
