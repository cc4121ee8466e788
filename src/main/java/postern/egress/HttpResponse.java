package postern.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a response of HTTP/1.1 (RFC 9112), bounded. */
final class HttpResponse {

    private static final int LARGEST_HEAD = 16 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

    private final InputStream in;
    private final int largest;
    private int headLeft = LARGEST_HEAD;

    private HttpResponse(InputStream in, int largest) {
        this.in = in;
        this.largest = largest;
    }

    /** The body of a 200; everything else is an IOException. */
    static byte[] readFile(InputStream in, int largest) throws IOException {
        var response = new HttpResponse(in, largest);
        if (response.status() != 200) {
            throw new FetchFailed("the host answers no 200");
        }
        return response.read(200).body();
    }

    static HttpAnswer read(InputStream in, int largest) throws IOException {
        var response = new HttpResponse(in, largest);
        int status = response.status();
        if (status < 200) {
            throw new FetchFailed("the host answers no HTTP");
        }
        return response.read(status);
    }

    /** The status and the header fields alone; the body is not read. */
    static HttpAnswer readHead(InputStream in) throws IOException {
        var response = new HttpResponse(in, 0);
        int status = response.status();
        if (status < 200) {
            throw new FetchFailed("the host answers no HTTP");
        }
        Duration retryAfter = null;
        for (var field = response.line(); !field.isEmpty(); field = response.line()) {
            var parts = field.split(":", 2);
            if (parts.length == 2 && parts[0].equalsIgnoreCase("retry-after")) {
                retryAfter = time(parts[1].strip());
            }
        }
        return new HttpAnswer(status, new byte[0], retryAfter);
    }

    /** Seconds, or until a date (RFC 9110 §10.2.3); null for anything else. */
    private static @Nullable Duration time(String value) {
        if (SECONDS.matcher(value).matches()) {
            return seconds(value);
        }
        try {
            var date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            var left = Duration.between(Instant.now(), date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException _) {
            return null;
        }
    }

    /** 0 where the line is no status line. */
    private int status() throws IOException {
        var line = STATUS.matcher(line());
        return line.matches() ? Integer.parseInt(line.group(1)) : 0;
    }

    private HttpAnswer read(int status) throws IOException {
        long length = status == 204 || status == 304 ? 0 : -1;
        boolean chunked = false;
        Duration retryAfter = null;
        for (var field = line(); !field.isEmpty(); field = line()) {
            var parts = field.split(":", 2);
            var value = parts.length == 2 ? parts[1].strip() : "";
            switch (parts[0].toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = chunked(value);
                case "content-encoding" -> checkIdentity(value);
                case "retry-after" -> retryAfter = seconds(value);
                default -> {}
            }
        }
        return new HttpAnswer(status, chunked ? chunks() : body(length), retryAfter);
    }

    private byte[] body(long length) throws IOException {
        var body = new ByteArrayOutputStream();
        if (length >= 0) {
            copy(length, body);
        } else {
            copyAll(body);
        }
        return body.toByteArray();
    }

    private static @Nullable Duration seconds(String value) {
        return SECONDS.matcher(value).matches()
                ? Duration.ofSeconds(Integer.parseInt(value))
                : null;
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
