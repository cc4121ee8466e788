package postern.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads a response of HTTP/1.1 (RFC 9112), bounded, and takes nothing but a 200. */
final class HttpResponse {

    private static final int LARGEST_HEAD = 16 * 1024;
    private static final Pattern OK = Pattern.compile("HTTP/1\\.[01] 200( .*)?");

    private final InputStream in;
    private final int largest;
    private int headLeft = LARGEST_HEAD;

    private HttpResponse(InputStream in, int largest) {
        this.in = in;
        this.largest = largest;
    }

    static byte[] read(InputStream in, int largest) throws IOException {
        return new HttpResponse(in, largest).read();
    }

    private byte[] read() throws IOException {
        if (!OK.matcher(line()).matches()) {
            throw new FetchFailed("the host answers no 200");
        }
        long length = -1;
        boolean chunked = false;
        for (var field = line(); !field.isEmpty(); field = line()) {
            var parts = field.split(":", 2);
            var value = parts.length == 2 ? parts[1].strip() : "";
            switch (parts[0].toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = chunked(value);
                case "content-encoding" -> checkIdentity(value);
                default -> {}
            }
        }
        if (chunked) {
            return chunks();
        }
        var body = new ByteArrayOutputStream();
        if (length >= 0) {
            copy(length, body);
        } else {
            copyAll(body);
        }
        return body.toByteArray();
    }

    private static boolean chunked(String value) throws IOException {
        if (!value.equalsIgnoreCase("chunked")) {
            throw new FetchFailed("the host sends an unknown transfer encoding");
        }
        return true;
    }

    private static void checkIdentity(String value) throws IOException {
        if (!value.equalsIgnoreCase("identity")) {
            throw new FetchFailed("the host compresses though it must not");
        }
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            headLeft = LARGEST_HEAD;
            long size = number(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return body.toByteArray();
            }
            copy(size, body);
            if (!line().isEmpty()) {
                throw new FetchFailed("the host sends a chunk without an end");
            }
        }
    }

    private void copy(long octets, ByteArrayOutputStream body) throws IOException {
        if (octets > largest - body.size()) {
            throw tooLarge();
        }
        var some = in.readNBytes((int) octets);
        if (some.length < octets) {
            throw new FetchFailed("the answer is cut");
        }
        body.writeBytes(some);
    }

    private void copyAll(ByteArrayOutputStream body) throws IOException {
        var all = in.readNBytes(largest + 1);
        if (all.length > largest) {
            throw tooLarge();
        }
        body.writeBytes(all);
    }

    private static FetchFailed tooLarge() {
        return new FetchFailed("the answer is too large");
    }

    private static long number(String digits, int radix) throws IOException {
        if (!digits.matches("[0-9a-fA-F]{1,12}")) {
            throw new FetchFailed("the host sends a bad length");
        }
        try {
            return Long.parseLong(digits, radix);
        } catch (NumberFormatException _) {
            throw new FetchFailed("the host sends a bad length");
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0 || --headLeft < 0) {
                throw new FetchFailed("the host sends no proper head");
            }
            line.append((char) octet);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
                ? line.substring(0, end - 1)
                : line.toString();
    }
}
