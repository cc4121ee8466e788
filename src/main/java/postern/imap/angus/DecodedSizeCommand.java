package postern.imap.angus;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.imap.Section;
import postern.imap.UidSet;

/** UID FETCH of BINARY.SIZE (RFC 3516). */
final class DecodedSizeCommand extends Command {

    private final long uid;
    private final Section section;
    private @Nullable Long size;

    DecodedSizeCommand(long uid, Section section) {
        super("FETCH");
        this.uid = uid;
        this.section = section;
    }

    @Override
    void write(CommandLine line) {
        line.uid("FETCH", UidSet.of(uid)).words(" (UID BINARY.SIZE[" + section.wire() + "])");
    }

    @Override
    boolean take(Response response) {
        int start = response.position();
        if (response.peek() < '0' || response.peek() > '9') {
            return false;
        }
        var parser = new FetchParser(response.number());
        response.skipSpaces();
        if (!response.skipWord("FETCH")) {
            response.seek(start);
            return false;
        }
        parser.read(response, List.of());
        boolean own = parser.uid() == 0 || parser.uid() == uid;
        if (own && parser.decodedSize() != null) {
            size = parser.decodedSize();
        }
        return true;
    }

    OptionalLong size() {
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }
}
