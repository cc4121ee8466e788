package postern.web.connector;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Linux tells of the TCP connections of this process's network, and Java does not: how much of
 * what was written the other side has not acknowledged. Connections that the process has closed are
 * among them. Other systems have no such table.
 */
final class TcpTable {

    private static final List<Path> FILES =
            List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    private static final Pattern COLUMNS = Pattern.compile("\\s+");
    private static final String LISTENING = "0A";
    private static final int HEX = 16;

    /** Linux repeats after 0.2 s, 0.4 s and so on: nothing was acknowledged for six seconds. */
    private static final int REPETITIONS_OF_ONE_THAT_IS_GONE = 5;

    private TcpTable() {}

    /**
     * @param clientPort the port of the other side
     * @param unacknowledged in octets; the TCP of the other side does not have them
     * @param repetitions how often the oldest of them was sent again; none while the other side
     *     says that its buffer is full
     */
    record Row(int clientPort, long unacknowledged, int repetitions) {

        /** The other side left without a word: its network or its machine is gone. */
        boolean isGone() {
            return repetitions >= REPETITIONS_OF_ONE_THAT_IS_GONE;
        }
    }

    /** The connections to these ports of ours; none where there is no such table. */
    static List<Row> ofPorts(Set<Integer> ports) {
        var rows = new ArrayList<Row>();
        for (var file : FILES) {
            try (var lines = Files.lines(file, US_ASCII)) {
                lines.skip(1).forEach(it -> add(it, ports, rows));
            } catch (IOException _) {
                // another system, or no IPv6
            }
        }
        return rows;
    }

    /** Columns: number, local address, remote address, state, queues, timer, repetitions. */
    private static void add(String line, Set<Integer> ports, List<Row> rows) {
        var columns = COLUMNS.split(line.strip(), 8);
        if (!ports.contains(port(columns[1])) || columns[3].equals(LISTENING)) {
            return;
        }
        var toSend = columns[4].substring(0, columns[4].indexOf(':'));
        rows.add(
                new Row(
                        port(columns[2]),
                        Long.parseLong(toSend, HEX),
                        Integer.parseInt(columns[6], HEX)));
    }

    private static int port(String address) {
        return Integer.parseInt(address, address.indexOf(':') + 1, address.length(), HEX);
    }
}
