package postern.imap.client.command;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.FetchParser;
import postern.imap.client.wire.Response;
import postern.imap.message.Section;
import postern.imap.message.UidSet;

/** UID FETCH of BINARY.SIZE (RFC 3516). */
public final class DecodedSizeCommand extends Command {

    private final long uid;
    private final Section section;
    private @Nullable Long size;

    public DecodedSizeCommand(long uid, Section section) {
        super("FETCH");
        this.uid = uid;
        this.section = section;
    }

    @Override
    public void write(CommandLine line) {
        line.uid("FETCH", UidSet.of(uid)).words(" (UID BINARY.SIZE[" + section.wire() + "])");
    }

    @Override
    public boolean take(Response response) {
        long sequenceNumber = response.messageData("FETCH");
        if (sequenceNumber < 0) {
            return false;
        }
        var parser = new FetchParser(sequenceNumber);
        parser.read(response, List.of());
        boolean ofThisMessage = parser.uid() == 0 || parser.uid() == uid;
        if (ofThisMessage && parser.decodedSize() != null) {
            size = parser.decodedSize();
        }
        return true;
    }

    public OptionalLong size() {
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }
}
