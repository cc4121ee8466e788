package postern.compose;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamSource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import postern.web.body.HeldInMemory;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The message that a client sends to be stored: raw, or to be composed. Nothing is read before it
 * is needed.
 */
final class MessageInput {

    static final String RFC822 = "message/rfc822";

    /** The part of a multipart/form-data request that says what the message is. */
    static final String MESSAGE = "message";

    /** The parts that are named by their filenames. */
    static final String FILES = "files";

    private static final Set<String> PLAIN = Set.of("7bit", "8bit", "binary");

    private final HttpServletRequest request;
    private final JsonMapper json;
    private final ComposeProperties limits;
    private final SpoolSpace space;

    MessageInput(
            HttpServletRequest request,
            JsonMapper json,
            ComposeProperties limits,
            SpoolSpace space) {
        this.request = request;
        this.json = json;
        this.limits = limits;
        this.space = space;
        if (announced() > limits.maxUpload().toBytes()) {
            throw tooBig(limits.maxUpload().toBytes());
        }
    }

    /** The announced length in octets; -1 if unknown. */
    long announced() {
        return request.getContentLengthLong();
    }

    /** Whether it is a raw message. */
    boolean raw() {
        return is(MediaType.parseMediaType(RFC822));
    }

    private boolean is(MediaType type) {
        return type.isCompatibleWith(MediaType.parseMediaType(request.getContentType()));
    }

    InputStream octets() {
        return new Awaited(request);
    }

    /** A lower bound on the octets of its files. */
    long announcedFiles() {
        return is(MediaType.MULTIPART_FORM_DATA) ? announced() - limits.maxText().toBytes() : 0;
    }

    MessageRequest message() throws IOException {
        if (!is(MediaType.MULTIPART_FORM_DATA)) {
            return parse(request.getInputStream());
        }
        // the web server writes the whole form to disk when the first part is read
        long octets = announced() < 0 ? limits.maxUpload().toBytes() : announced();
        space.takeFor(request, octets);
        var form = form();
        try {
            requireKnownParts();
            var file = form.getFile(MESSAGE);
            if (file != null) {
                return parse(file.getSize(), file);
            }
            var part = request.getPart(MESSAGE);
            if (part == null) {
                throw InvalidRequest.parameter(MESSAGE, "is missing");
            }
            return parse(part.getSize(), part::getInputStream);
        } catch (jakarta.servlet.ServletException e) {
            throw InvalidRequest.at("", "is not proper multipart/form-data");
        }
    }

    /**
     * Refuses parts that would be ignored silently: a second message, and what is no file. Also an
     * encoded part, which would be stored as it is (RFC 7578 §4.7).
     */
    private void requireKnownParts() throws IOException, jakarta.servlet.ServletException {
        int messages = 0;
        for (var part : request.getParts()) {
            if (isEncoded(part)) {
                throw InvalidRequest.parameter(part.getName(), "is encoded, which is not undone");
            }
            if (part.getName().equals(MESSAGE)) {
                if (++messages > 1) {
                    throw InvalidRequest.parameter(MESSAGE, "is there more than once");
                }
            } else if (!isFile(part)) {
                throw InvalidRequest.parameter(
                        part.getName(), "has no filename, so that it is no file");
            }
        }
    }

    private static boolean isEncoded(Part part) {
        var transfer = part.getHeader("Content-Transfer-Encoding");
        return part.getHeader(HttpHeaders.CONTENT_ENCODING) != null
                || transfer != null && !PLAIN.contains(transfer.strip().toLowerCase(Locale.ROOT));
    }

    /** As Spring tells the files from the other parts. */
    private static boolean isFile(Part part) {
        var disposition = part.getHeader(HttpHeaders.CONTENT_DISPOSITION);
        return disposition != null && ContentDisposition.parse(disposition).getFilename() != null;
    }

    private MessageRequest parse(long octets, InputStreamSource part) throws IOException {
        HeldInMemory.take(request, octets);
        try (var content = part.getInputStream()) {
            return parse(content);
        }
    }

    private MessageRequest parse(InputStream octets) {
        @Nullable MessageRequest message;
        try {
            message =
                    json.readValue(
                            new Bounded(octets, limits.maxText().toBytes()), MessageRequest.class);
        } catch (JacksonException e) {
            if (e.getCause() instanceof ProblemException tooMuch) {
                throw tooMuch;
            }
            throw new HttpMessageNotReadableException(
                    "not a message", e, new ServletServerHttpRequest(request));
        }
        if (message == null) {
            throw InvalidRequest.at("", "is missing");
        }
        return message;
    }

    UploadedFiles files() {
        if (!is(MediaType.MULTIPART_FORM_DATA)) {
            return UploadedFiles.NONE;
        }
        var files = new LinkedHashMap<String, MultipartFile>();
        form().getMultiFileMap()
                .forEach((name, parts) -> {
                    if (!name.equals(MESSAGE)) {
                        parts.forEach(part -> put(files, name(part), part));
                    }
                });
        return new UploadedFiles(files);
    }

    private static void put(Map<String, MultipartFile> files, String name, MultipartFile file) {
        if (files.putIfAbsent(name, file) != null) {
            throw InvalidRequest.parameter(name, "is the name of more than one part");
        }
    }

    /** A generated client calls all files alike, so that their filenames tell them apart. */
    private static String name(MultipartFile part) {
        var filename = part.getOriginalFilename();
        return part.getName().equals(FILES) && filename != null && !filename.isEmpty()
                ? filename
                : part.getName();
    }

    private MultipartHttpServletRequest form() {
        if (request instanceof MultipartHttpServletRequest form) {
            return form;
        }
        throw InvalidRequest.at("", "is not proper multipart/form-data");
    }

    private static ProblemException tooBig(long most) {
        return new ProblemException(
                ProblemCode.REQUEST_TOO_BIG, "has more than %d octets".formatted(most));
    }

    /**
     * Opens the body on the first read, since opening it makes the web server send 100 Continue
     * (RFC 9110 §10.1.1).
     */
    private static final class Awaited extends InputStream {

        private final HttpServletRequest request;

        Awaited(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public int read() throws IOException {
            return request.getInputStream().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return request.getInputStream().read(target, offset, length);
        }
    }

    /** Throws a 413 if the stream exceeds the limit. */
    private static final class Bounded extends FilterInputStream {

        private final long most;
        private long read;

        Bounded(InputStream octets, long most) {
            super(octets);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int some = super.read(target, offset, length);
            return counted(some, some);
        }

        private int counted(int result, int some) {
            read += result < 0 ? 0 : some;
            if (read > most) {
                throw tooBig(most);
            }
            return result;
        }
    }
}
