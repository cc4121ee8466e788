package postern.testserver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A DNS server (RFC 1035) over UDP that knows what a test tells it. */
public final class FakeDns implements AutoCloseable {

    private static final Map<Integer, String> TYPES =
            Map.of(1, "A", 15, "MX", 28, "AAAA", 33, "SRV");

    private static final int NAME_ERROR = 3;

    private final DatagramSocket socket;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;

    private FakeDns(DatagramSocket socket) {
        this.socket = socket;
    }

    public static FakeDns start() {
        try {
            var server = new FakeDns(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("fake-dns").start(server::serve);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** The addresses of a host, as literals of IPv4 or IPv6. */
    public FakeDns host(String name, String... addresses) {
        for (var type : List.of("A", "AAAA")) {
            var ours =
                    Arrays.stream(addresses)
                            .filter(it -> it.contains(":") == type.equals("AAAA"))
                            .map(FakeDns::octets)
                            .toList();
            records.put(key(name, type), ours);
        }
        return this;
    }

    public FakeDns services(String name, String... records) {
        this.records.put(key(name, "SRV"), Arrays.stream(records).map(FakeDns::service).toList());
        return this;
    }

    public FakeDns mailExchangers(String domain, String... records) {
        this.records.put(
                key(domain, "MX"), Arrays.stream(records).map(FakeDns::exchanger).toList());
        return this;
    }

    /** Answers nothing any more. */
    public FakeDns silent() {
        silent = true;
        return this;
    }

    /** What it was asked, such as {@code "MX example.org"}. */
    public List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        var buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                var answer = answer(Arrays.copyOf(buffer, packet.getLength()));
                if (!silent) {
                    socket.send(
                            new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // closed, or the client has gone
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        var name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(name.isEmpty() ? "" : ".");
            name.append(new String(query, at + 1, query[at], US_ASCII));
            at += query[at] + 1;
        }
        int type = (query[at + 1] & 0xff) << 8 | query[at + 2] & 0xff;
        int end = at + 5;
        questions.add(TYPES.getOrDefault(type, "?") + " " + name);
        var known = records.get(key(name.toString(), TYPES.getOrDefault(type, "?")));
        var found = known == null ? List.<byte[]>of() : known;

        var octets = new ByteArrayOutputStream();
        var out = new DataOutputStream(octets);
        out.write(query, 0, 2);
        out.writeShort(0x8580 | (known == null ? NAME_ERROR : 0));
        out.writeShort(1);
        out.writeShort(found.size());
        out.writeInt(0);
        out.write(query, 12, end - 12);
        for (var data : found) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(data.length);
            out.write(data);
        }
        return octets.toByteArray();
    }

    private static String key(String name, String type) {
        return type + " " + name.toLowerCase(Locale.ROOT);
    }

    private static byte[] octets(String address) {
        var octets = InetAddress.ofLiteral(address).getAddress();
        if (address.contains(":") && octets.length == 4) {
            // Java makes an IPv4 address of a mapped one
            var mapped = new byte[16];
            mapped[10] = mapped[11] = (byte) 0xff;
            System.arraycopy(octets, 0, mapped, 12, 4);
            return mapped;
        }
        return octets;
    }

    private static byte[] service(String record) {
        var words = record.split(" ");
        return data(
                words[3],
                Integer.parseInt(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]));
    }

    private static byte[] exchanger(String record) {
        var words = record.split(" ");
        return data(words[1], Integer.parseInt(words[0]));
    }

    private static byte[] data(String name, int... numbers) {
        var octets = new ByteArrayOutputStream();
        for (int number : numbers) {
            octets.write(number >> 8);
            octets.write(number);
        }
        for (var label : name.split("\\.")) {
            octets.write(label.length());
            octets.writeBytes(label.getBytes(US_ASCII));
        }
        octets.write(0);
        return octets.toByteArray();
    }
}
