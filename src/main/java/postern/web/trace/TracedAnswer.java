package postern.web.trace;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the explanation when the body begins, or at the end of an answer without one. Keeps its
 * header fields when a problem resets the answer.
 */
final class TracedAnswer extends HttpServletResponseWrapper {

    private final @Nullable Explanation explanation;
    private final Map<String, String> kept = new LinkedHashMap<>();

    TracedAnswer(HttpServletResponse response, @Nullable Explanation explanation) {
        super(response);
        this.explanation = explanation;
    }

    void keep(String name, String value) {
        kept.put(name, value);
        setHeader(name, value);
    }

    /**
     * An answer to somebody whose credential was refused stays as it is: whether and for how long
     * the mail server was asked must not be told then.
     */
    void explain() {
        if (explanation != null && !isCommitted() && getStatus() != SC_UNAUTHORIZED) {
            explanation.writeTo((HttpServletResponse) getResponse());
        }
    }

    @Override
    public void reset() {
        super.reset();
        kept.forEach(this::setHeader);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        explain();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        explain();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        explain();
        super.flushBuffer();
    }

    @Override
    public void sendError(int status) throws IOException {
        explain();
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        explain();
        super.sendError(status, message);
    }
}
