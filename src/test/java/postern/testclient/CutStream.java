package postern.testclient;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.testclient.EventReader.Event;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stream as a client has it whose connection was cut after some octet: events that are whole, and
 * the id of the last one that had one.
 */
@NullMarked
public final class CutStream {

    private static final JsonMapper JSON = new JsonMapper();

    private final byte[] octets;
    private final @Nullable String begin;

    /** What the client has; what is left of an event that is not whole is dropped. */
    public record Cut(List<Event> events, @Nullable String lastEventId) {}

    private CutStream(byte[] octets, @Nullable String begin) {
        this.octets = octets;
        this.begin = begin;
    }

    /**
     * Reads until an event has an id.
     *
     * @param begin what the client has been told before; null for nothing
     */
    public static CutStream read(int port, String token, String path, @Nullable String begin)
            throws IOException {
        var octets = new ByteArrayOutputStream();
        try (var events = EventReader.open(port, token, path, begin)) {
            events.copyTo(octets);
            for (var event = events.block();
                    event != null && (event.type().isEmpty() || event.id() == null);
                    event = events.block()) {
                // goes on
            }
        }
        return new CutStream(octets.toByteArray(), begin);
    }

    public int octets() {
        return octets.length;
    }

    /** What clients have that are cut after each octet; those that have the same are one. */
    public Set<Cut> cuts() {
        var cuts = new LinkedHashSet<Cut>();
        for (int length = 0; length <= octets.length; length++) {
            cuts.add(cut(new String(Arrays.copyOf(octets, length), UTF_8)));
        }
        return cuts;
    }

    private Cut cut(String text) {
        var events = new ArrayList<Event>();
        var last = begin;
        for (int from = 0, end = text.indexOf("\n\n");
                end >= 0;
                from = end + 2, end = text.indexOf("\n\n", from)) {
            var type = "";
            String id = null;
            var data = "{}";
            for (var line : text.substring(from, end).split("\n")) {
                if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                }
            }
            last = id == null ? last : id;
            events.add(new Event(type, id, JSON.readTree(data)));
        }
        return new Cut(List.copyOf(events), last);
    }
}
