package postern.attachment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.ImapException;
import postern.web.Preconditions;
import postern.web.Uncoded;
import postern.web.transfer.CountingOutputStream;
import postern.web.transfer.TruncatedFile;
import postern.web.transfer.ZipStream;

/** Answers requests for files: conditions, ranges, headers and octets (RFC 9110). */
@Component
class FileDelivery {

    private final Downloads downloads;
    private final FileLengths lengths;
    private final AtomicInteger active;
    private final Counter octets;

    FileDelivery(Downloads downloads, FileLengths lengths, MeterRegistry meters) {
        this.downloads = downloads;
        this.lengths = lengths;
        this.active = new AtomicInteger();
        Gauge.builder("postern.downloads.active", active, AtomicInteger::get)
                .description("Downloads under way.")
                .register(meters);
        this.octets =
                Counter.builder("postern.downloads.octets")
                        .description("Octets of downloads that were sent.")
                        .baseUnit("bytes")
                        .register(meters);
    }

    void send(
            Account account,
            StoredFile file,
            CachePolicy caching,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Uncoded.mark(request);
        var etag = file.etag();
        if (Preconditions.of(request).notModified(etag)) {
            validators(etag, caching, response);
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        boolean head = HttpMethod.HEAD.matches(request.getMethod());
        var range =
                head || !permitsRange(request.getHeader(HttpHeaders.IF_RANGE), etag)
                        ? null
                        : ByteRange.parse(request.getHeader(HttpHeaders.RANGE));
        try (var content =
                head ? downloads.describe(account, file) : downloads.open(account, file, range)) {
            validators(etag, caching, response);
            describe(file, content, response);
            if (!head) {
                transfer(file, content, response);
            } else if (content.fileLength().isEmpty()) {
                // Otherwise the container would set the length to that of the missing body: 0.
                response.flushBuffer();
            }
        }
    }

    /** If-Range compares strongly (RFC 9110 §13.1.5). */
    static boolean permitsRange(@Nullable String ifRange, String etag) {
        return ifRange == null || ifRange.strip().equals(etag);
    }

    /**
     * Sends the files of a message as a ZIP, without Content-Length because its length is not
     * known.
     */
    void send(
            AttachmentsZip zip,
            CachePolicy caching,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Uncoded.mark(request);
        caching.describeTo(response);
        if (Preconditions.of(request).notModified(null)) {
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        label(FileType.of("application/zip", null, zip.name(), false), response);
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            response.flushBuffer();
            return;
        }
        active.incrementAndGet();
        try {
            transfer(zip, new CountingOutputStream(response.getOutputStream(), octets));
        } catch (ImapException e) {
            throw response.isCommitted() ? new TruncatedFile() : e;
        } finally {
            active.decrementAndGet();
        }
    }

    /** Opens each file only when it is written; its connection is given back before the next. */
    private void transfer(AttachmentsZip attachments, OutputStream out) throws IOException {
        try (var zip = new ZipStream(out)) {
            for (var file : attachments.files()) {
                try (var content = downloads.open(attachments.account(), file, null)) {
                    zip.file(
                            file.type().name(),
                            attachments.date(),
                            AttachmentsZip.compressed(file.type().contentType()));
                    content.transferTo(zip);
                } catch (ImapException.ProtocolError e) {
                    lengths.distrust(file);
                    throw e;
                }
            }
            zip.finish();
        }
    }

    private static void validators(String etag, CachePolicy caching, HttpServletResponse response) {
        caching.describeTo(response);
        // Must be set after the cache policy: setting an ETag alone implies the rule for JSON,
        // revalidation for each user.
        response.setHeader(HttpHeaders.ETAG, etag);
    }

    private static void label(FileType type, HttpServletResponse response) {
        response.setContentType(type.contentType());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, type.disposition());
        // A file must never act as a page of this origin, whatever it contains.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        response.setHeader("Referrer-Policy", "no-referrer");
    }

    private static void describe(
            StoredFile file, FileContent content, HttpServletResponse response) {
        label(file.type(), response);
        var length = content.fileLength();
        response.setHeader(HttpHeaders.ACCEPT_RANGES, length.isPresent() ? "bytes" : "none");
        var slice = content.slice();
        if (slice != null) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
            response.setHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes %d-%d/%d".formatted(slice.offset(), slice.last(), length.orElseThrow()));
            response.setContentLengthLong(slice.octets());
        } else if (length.isPresent()) {
            response.setContentLengthLong(length.getAsLong());
        }
    }

    private void transfer(StoredFile file, FileContent content, HttpServletResponse response)
            throws IOException {
        active.incrementAndGet();
        try {
            content.transferTo(new CountingOutputStream(response.getOutputStream(), octets));
        } catch (ImapException e) {
            if (e instanceof ImapException.ProtocolError) {
                lengths.distrust(file);
            }
            throw response.isCommitted() ? new TruncatedFile() : e;
        } finally {
            active.decrementAndGet();
        }
    }
}
