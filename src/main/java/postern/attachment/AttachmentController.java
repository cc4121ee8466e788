package postern.attachment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.imap.ImapException;
import postern.imap.Section;
import postern.web.Download;
import postern.web.MessageId;
import postern.web.ProblemCode;
import postern.web.ProblemException;
import postern.web.Problems;

/** Messages and their parts as files. */
@RestController
@RequestMapping("/v1/messages/{messageId}")
@Tag(name = "attachments", description = "Messages and their parts as files.")
class AttachmentController {

    private final Downloads downloads;
    private final AtomicInteger active;
    private final Counter octets;

    AttachmentController(Downloads downloads, MeterRegistry meters) {
        this.downloads = downloads;
        this.active = meters.gauge("postern.downloads.active", new AtomicInteger());
        this.octets =
                Counter.builder("postern.downloads.octets").baseUnit("bytes").register(meters);
    }

    @Operation(
            operationId = "downloadMessage",
            summary = "Download a message",
            description =
                    "The message as it is on the mail server. The octets never change, so that they may be cached for ever.")
    @Download(value = "message/rfc822", ranges = true)
    @Problems({404, 410, 412})
    @GetMapping("/raw")
    void message(
            Account account,
            @PathVariable MessageId messageId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var file =
                messageId.within()
                        ? downloads.attachedMessage(account, messageId.message(), messageId.part())
                        : downloads.message(account, messageId.message());
        send(account, file, request, response);
    }

    @Operation(
            operationId = "downloadPart",
            summary = "Download a part of a message",
            description =
                    "A part with its transfer encoding taken off, such as an attachment. The octets never change, so that they"
                            + " may be cached for ever. A range is answered with the whole file where the mail server cannot tell"
                            + " how long the file is.")
    @Download(value = "*/*", ranges = true)
    @Problems({404, 410, 412})
    @GetMapping("/parts/{partId}")
    void part(
            Account account,
            @PathVariable MessageId messageId,
            @Parameter(
                            description = "The part's number in the message's structure.",
                            // a parameter's own example would be read as a number
                            schema = @Schema(type = "string", example = "2"))
                    @PathVariable
                    String partId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (partId.isEmpty() || !Section.validPartId(partId)) {
            throw new ImapException.PartNotFound();
        }
        var inMailbox = messageId.partIdInMailbox(partId);
        send(account, downloads.part(account, messageId.message(), inMailbox), request, response);
    }

    private void send(
            Account account,
            StoredFile file,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var conditions =
                new Conditions(
                        request.getHeader(HttpHeaders.IF_MATCH),
                        request.getHeader(HttpHeaders.IF_NONE_MATCH),
                        request.getHeader(HttpHeaders.IF_RANGE));
        var etag = file.etag();
        if (conditions.excludes(etag)) {
            throw new ProblemException(
                    ProblemCode.MESSAGE_MODIFIED, "the file is not the one that If-Match names");
        }
        if (conditions.has(etag)) {
            validators(etag, response);
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        boolean head = HttpMethod.HEAD.matches(request.getMethod());
        var range =
                head || !conditions.permitRange(etag)
                        ? null
                        : ByteRange.parse(request.getHeader(HttpHeaders.RANGE));
        try (var content =
                head ? downloads.describe(account, file) : downloads.open(account, file, range)) {
            validators(etag, response);
            describe(file, content, response);
            if (!head) {
                transfer(file, content, response);
            } else if (content.fileLength().isEmpty()) {
                // Left to the container, the length would be that of the missing body: 0.
                response.flushBuffer();
            }
        }
    }

    private static void validators(String etag, HttpServletResponse response) {
        response.setHeader(HttpHeaders.ETAG, etag);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=31536000, immutable");
        // The URL is the same for the next user of this browser, and the file is not.
        response.addHeader(HttpHeaders.VARY, HttpHeaders.AUTHORIZATION);
    }

    private static void describe(StoredFile file, Content content, HttpServletResponse response) {
        response.setContentType(file.type().contentType());
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, file.type().disposition());
        // Whatever the file is, it must not act as a page of this origin.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
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

    private void transfer(StoredFile file, Content content, HttpServletResponse response)
            throws IOException {
        active.incrementAndGet();
        try {
            content.transferTo(new CountedOctets(response.getOutputStream(), octets));
        } catch (ImapException e) {
            if (e instanceof ImapException.ProtocolError) {
                downloads.distrust(file);
            }
            throw response.isCommitted() ? new FileCut() : e;
        } finally {
            active.decrementAndGet();
        }
    }

    /** Passes octets on and counts them. */
    private static final class CountedOctets extends OutputStream {

        private final OutputStream out;
        private final Counter octets;

        CountedOctets(OutputStream out, Counter octets) {
            this.out = out;
            this.octets = octets;
        }

        @Override
        public void write(int octet) throws IOException {
            out.write(octet);
            octets.increment();
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
            octets.increment(length);
        }
    }
}
