package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.message.UidSet;

/**
 * UID FETCH of one section of one message. The answer is streamed, unless it is a quoted string or
 * NIL.
 */
public final class StreamCommand extends Command {

    private final long uid;
    private final String item;
    private long receivedUid;
    private boolean answered;
    private boolean ofAnotherMessage;
    private byte @Nullable [] octets;

    /**
     * @param item the data item, such as {@code BODY.PEEK[2]<0.100>}
     */
    public StreamCommand(long uid, String item) {
        super("FETCH");
        this.uid = uid;
        this.item = item;
    }

    @Override
    public String itemNames() {
        return item.startsWith("BINARY") ? "UID BINARY[]" : "UID BODY[]";
    }

    @Override
    public void write(CommandLine line) {
        line.uid("FETCH", UidSet.of(uid)).words(" (UID " + item + ")");
    }

    @Override
    public boolean take(Response response) {
        if (!skipToItems(response)) {
            return false;
        }
        receivedUid = 0;
        boolean section = false;
        while (!response.skip(')')) {
            section |= item(response);
            response.skipSpaces();
        }
        noteSection(section);
        return true;
    }

    private static boolean skipToItems(Response response) {
        if (response.messageData("FETCH") < 0) {
            return false;
        }
        response.skipSpaces();
        response.expect('(');
        response.skipSpaces();
        return true;
    }

    /** Whether the item was the section. */
    private boolean item(Response response) {
        var name = response.itemName();
        response.skipSpaces();
        if (section(name)) {
            octets = response.string();
            return true;
        }
        otherItem(name, response);
        return false;
    }

    private static boolean section(String name) {
        return name.startsWith("BODY[") || name.startsWith("BINARY[");
    }

    private void otherItem(String name, Response response) {
        if (name.equals("UID")) {
            receivedUid = response.number();
        } else {
            response.skipValue();
        }
    }

    /** Notes whose response it was. Unsolicited data of other messages contains no section. */
    private void noteSection(boolean section) {
        ofAnotherMessage |= section && receivedUid != 0 && receivedUid != uid;
        answered |= section || receivedUid == uid;
    }

    /**
     * Whether a response that begins like this, up to a literal, is the answer. False when the
     * server names another message before the section.
     */
    public boolean answeredBy(Response head) {
        if (!head.skipWord("*")) {
            return false;
        }
        head.skipSpaces();
        if (!skipToItems(head)) {
            return false;
        }
        receivedUid = 0;
        while (true) {
            var name = head.itemName();
            head.skipSpaces();
            if (section(name)) {
                noteSection(true);
                return !ofAnotherMessage;
            }
            otherItem(name, head);
            head.skipSpaces();
        }
    }

    /** Reads the data after the literal; some servers send the UID there. */
    public void takeRest(Response rest) {
        rest.skipSpaces();
        while (!rest.atEnd() && !rest.skip(')')) {
            var name = rest.itemName();
            rest.skipSpaces();
            otherItem(name, rest);
            rest.skipSpaces();
        }
        noteSection(true);
    }

    /** Whether the server has sent the UID of this message. */
    public boolean uidConfirmed() {
        return receivedUid == uid;
    }

    /** Throws ProtocolError when the server sent the section of another message. */
    public void throwIfOfAnotherMessage() {
        if (ofAnotherMessage) {
            throw new ImapException.ProtocolError(
                    "the mail server answers with another message", null, null);
        }
    }

    /** The octets of an answer that was not a literal. */
    public byte[] octets() {
        throwIfOfAnotherMessage();
        if (!answered) {
            throw new ImapException.MessageNotFound();
        }
        if (octets == null) {
            throw new ImapException.PartNotFound();
        }
        return octets;
    }
}
