package postern.web.id;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import postern.web.id.OpaqueText.Kind;

/** What has been told when an event has been received, as an opaque text: {@code Last-Event-ID}. */
public record EventId(String text) {

    /** Throws IllegalArgumentException if the text is not an intact id. */
    public static EventId parse(String text) {
        OpaqueText.read(Kind.EVENT, text);
        return new EventId(text);
    }

    public static EventId of(ByteArrayOutputStream payload) {
        return new EventId(OpaqueText.write(Kind.EVENT, payload));
    }

    public ByteBuffer payload() {
        return OpaqueText.read(Kind.EVENT, text);
    }

    @Override
    public String toString() {
        return text;
    }
}
