package postern.web.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import postern.web.id.OpaqueText.Kind;
import postern.web.problem.InvalidRequest;

/**
 * The position of the next page of a list: numbers, and the kind of list that interprets them.
 *
 * @param state the state that belongs to all pages of the list; null where none was asked for
 */
@Schema(
        description = "Where the next page starts: `nextCursor` of the page before.",
        pattern = OpaqueText.PATTERN)
public record Cursor(byte kind, List<Long> numbers, @Nullable SyncState state) {

    /** Not for JSON: there a cursor is a string. */
    @JsonCreator(mode = JsonCreator.Mode.DISABLED)
    public Cursor {
        numbers = List.copyOf(numbers);
    }

    public static Cursor of(int kind, long... numbers) {
        return new Cursor((byte) kind, LongStream.of(numbers).boxed().toList(), null);
    }

    /** This cursor with the state of the list. */
    public Cursor with(@Nullable SyncState state) {
        return new Cursor(kind, numbers, state);
    }

    /** Throws IllegalArgumentException if the text is not an intact cursor. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Cursor parse(String text) {
        var kind =
                OpaqueText.isOf(Kind.CURSOR_WITH_STATE, text)
                        ? Kind.CURSOR_WITH_STATE
                        : Kind.CURSOR;
        var octets = OpaqueText.read(kind, text);
        var state = kind == Kind.CURSOR ? null : SyncState.readFrom(octets);
        if (!octets.hasRemaining()) {
            throw OpaqueText.damaged(Kind.CURSOR);
        }
        var cursor = new Cursor(octets.get(), numbers(octets), state);
        if (!cursor.toString().equals(text)) {
            throw OpaqueText.damaged(Kind.CURSOR);
        }
        return cursor;
    }

    private static List<Long> numbers(ByteBuffer octets) {
        var numbers = new ArrayList<Long>();
        while (octets.hasRemaining()) {
            long folded = OpaqueText.number(octets);
            numbers.add((folded >>> 1) ^ -(folded & 1));
        }
        return numbers;
    }

    public long number(int index) {
        return numbers.get(index);
    }

    /**
     * Returns this cursor if it belongs to this kind of list; else throws a 400 {@code
     * invalid-cursor}.
     */
    public Cursor require(int kind, int count) {
        if (this.kind != (byte) kind || numbers.size() != count) {
            throw invalid();
        }
        return this;
    }

    /** Like {@link #require} for lists whose cursors vary in length. */
    public Cursor requireAtLeast(int kind, int count) {
        if (this.kind != (byte) kind || numbers.size() < count) {
            throw invalid();
        }
        return this;
    }

    /** The problem for a cursor whose numbers are invalid for its list. */
    public static InvalidRequest invalid() {
        return InvalidRequest.cursor("cursor");
    }

    @Override
    @JsonValue
    public String toString() {
        var payload = new ByteArrayOutputStream();
        if (state != null) {
            state.writeTo(payload);
        }
        payload.write(kind);
        for (long number : numbers) {
            // zigzag encoding, so that small negative numbers are short
            OpaqueText.putNumber(payload, (number << 1) ^ (number >> (Long.SIZE - 1)));
        }
        return OpaqueText.write(state == null ? Kind.CURSOR : Kind.CURSOR_WITH_STATE, payload);
    }
}
