package postern.web.idempotency;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A request whose body was read ahead and can be read again. */
final class RereadableBody extends HttpServletRequestWrapper {

    /** A larger body, or one without Content-Length, is not read ahead. */
    private static final int MOST = 64 * 1024;

    private final byte[] octets;

    private RereadableBody(HttpServletRequest request, byte[] octets) {
        super(request);
        this.octets = octets;
    }

    /** Wraps the request; returns it unchanged if its body is not read ahead. */
    static HttpServletRequest readAhead(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        // the container parses forms itself and needs their unread body
        if (length <= 0 || length > MOST || form(request)) {
            return request;
        }
        return new RereadableBody(request, request.getInputStream().readNBytes((int) length));
    }

    private static boolean form(HttpServletRequest request) {
        var type = request.getContentType();
        var lower = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
        return lower.startsWith("multipart/")
                || lower.startsWith("application/x-www-form-urlencoded");
    }

    byte[] octets() {
        return octets;
    }

    @Override
    public ServletInputStream getInputStream() {
        return new Again(new ByteArrayInputStream(octets));
    }

    @Override
    public BufferedReader getReader() throws IOException {
        var charset = getCharacterEncoding();
        return new BufferedReader(
                new InputStreamReader(
                        getInputStream(),
                        charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset)));
    }

    /** The body from memory. */
    private static final class Again extends ServletInputStream {

        private final ByteArrayInputStream in;

        private Again(ByteArrayInputStream in) {
            this.in = in;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return in.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return in.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("requests are read on their own threads");
        }
    }
}
