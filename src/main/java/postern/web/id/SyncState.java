package postern.web.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.web.id.OpaqueText.Kind;

/** What a mailbox was like at some time, as an opaque text (RFC 8620 §5.1 {@code state}). */
@Schema(
        description =
                "What a mailbox was like at some time. Keep it beside the copy that belongs to it:"
                        + " `listChanges` tells what has changed since.",
        pattern = OpaqueText.PATTERN,
        example = "HRorAQIDBICm-swGtALTAdn4AgKzAtn4ArIC0_gCedEb2A")
public record SyncState(@JsonValue String text) {

    /** Throws IllegalArgumentException if the text is not an intact state. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static SyncState parse(String text) {
        OpaqueText.read(Kind.STATE, text);
        return new SyncState(text);
    }

    public static SyncState of(ByteArrayOutputStream payload) {
        return new SyncState(OpaqueText.write(Kind.STATE, payload));
    }

    public ByteBuffer payload() {
        return OpaqueText.read(Kind.STATE, text);
    }

    void writeTo(ByteArrayOutputStream out) {
        var octets = text.getBytes(StandardCharsets.US_ASCII);
        OpaqueText.putNumber(out, octets.length);
        out.writeBytes(octets);
    }

    static SyncState readFrom(ByteBuffer in) {
        long length = OpaqueText.number(in);
        if (length < 0 || length > in.remaining()) {
            throw OpaqueText.damaged(Kind.CURSOR);
        }
        var octets = new byte[(int) length];
        in.get(octets);
        return parse(new String(octets, StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return text;
    }
}
