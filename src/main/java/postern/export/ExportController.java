package postern.export;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ImapException;
import postern.imap.RequestTime;
import postern.imap.message.Flag;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.ReceivedRange;
import postern.message.metadata.StorableKeywords;
import postern.web.Preconditions;
import postern.web.RequiresScope;
import postern.web.Uncoded;
import postern.web.contract.Bounds;
import postern.web.contract.DownloadOperation;
import postern.web.contract.SendsHeaders;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.idempotency.Idempotent;
import postern.web.problem.DeclaresProblems;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.CountingOutputStream;
import postern.web.transfer.TruncatedFile;

/** Whole mailboxes as files. */
@RestController
@RequestMapping("/v1/mailboxes/{mailboxId}")
@Tag(name = "export", description = "Whole mailboxes as files, out and in.")
class ExportController {

    static final String NEXT_CURSOR = "Postern-Next-Cursor";
    static final String RESUME_CURSOR = "Postern-Resume-Cursor";

    /** The ZIP directory is held in memory until the end, at a few hundred octets per file. */
    private static final int MOST_IN_ZIP = 50_000;

    private final Exports exports;
    private final Imports imports;
    private final MailboxResolver mailboxes;
    private final AtomicInteger active;
    private final MeterRegistry meters;

    ExportController(
            Exports exports, Imports imports, MailboxResolver mailboxes, MeterRegistry meters) {
        this.exports = exports;
        this.imports = imports;
        this.mailboxes = mailboxes;
        this.active = new AtomicInteger();
        Gauge.builder("postern.exports.active", active, AtomicInteger::get)
                .description("Exports under way.")
                .register(meters);
        this.meters = meters;
    }

    /// Export a mailbox.
    ///
    /// All of its messages, or those that arrived in a time, as one file, in the order in which
    /// they came, streamed. The mbox has LF line ends and mboxrd quoting; flags stand in `Status`,
    /// `X-Status` and `X-Keywords` as mail programs write them.
    ///
    /// With `limit` or `maxBytes` the file ends early and `Postern-Next-Cursor` tells where the
    /// next one begins, before the first octet is sent: one that was interrupted is asked for again
    /// with the same `cursor`, and nothing is missed or comes twice. Every file, also the last and
    /// an empty one, says in `Postern-Resume-Cursor` from where another export, of the next night
    /// say, has what came after it. A ZIP holds 50,000 messages at most. Messages that are expunged
    /// meanwhile are left out.
    ///
    /// @param cursor Where to begin: `Postern-Next-Cursor` of the file before, or
    ///   `Postern-Resume-Cursor` of an earlier export.
    /// @param limit How many messages at most.
    /// @param maxBytes How many octets of messages at most; a larger one comes by itself.
    /// @param status Whether an mbox tells the flags of its messages.
    @DownloadOperation({"application/mbox", "application/zip"})
    @SendsHeaders({NEXT_CURSOR, RESUME_CURSOR, HttpHeaders.LINK})
    @DeclaresProblems({404, 410})
    @GetMapping("/export")
    @RequiresScope(Scope.READ)
    void exportMailbox(
            Account account,
            @PathVariable MailboxId mailboxId,
            @RequestParam ExportFormat format,
            @RequestParam @Nullable Cursor cursor,
            @Bounds(min = 1, max = Integer.MAX_VALUE) @RequestParam @Nullable Integer limit,
            @Bounds(min = 1) @RequestParam @Nullable Long maxBytes,
            @RequestParam @Nullable String since,
            @RequestParam @Nullable String before,
            @RequestParam(defaultValue = "true") boolean status,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        positive("limit", limit);
        positive("maxBytes", maxBytes);
        var arrival = ReceivedRange.parse(since, before);
        int most = limit == null ? Integer.MAX_VALUE : limit;
        var page =
                exports.page(
                        account,
                        mailboxes.resolve(account, mailboxId),
                        cursor,
                        arrival,
                        format == ExportFormat.ZIP ? Math.min(most, MOST_IN_ZIP) : most,
                        maxBytes);
        describe(page, format, request, response);
        if (Preconditions.of(request).notModified(null)) {
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return;
        }
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            // Without a flush the container would set Content-Length: 0, the length of the missing
            // body.
            response.flushBuffer();
            return;
        }
        send(account, page, format, status, response);
    }

    private static void positive(String parameter, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw InvalidRequest.parameter(parameter, "must be at least 1");
        }
    }

    private static void describe(
            ExportPage page,
            ExportFormat format,
            HttpServletRequest request,
            HttpServletResponse response) {
        Uncoded.mark(request);
        response.setContentType(format.mediaType());
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename("mailbox" + format.extension())
                        .build()
                        .toString());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
        response.setHeader(RESUME_CURSOR, page.resume().toString());
        if (page.next() != null) {
            var next = page.next().toString();
            response.setHeader(NEXT_CURSOR, next);
            var query =
                    UriComponentsBuilder.newInstance()
                            .query(request.getQueryString())
                            .replaceQueryParam("cursor", next)
                            .build()
                            .toUriString();
            response.setHeader(HttpHeaders.LINK, "<%s>; rel=\"next\"".formatted(query));
        }
    }

    private void send(
            Account account,
            ExportPage page,
            ExportFormat format,
            boolean status,
            HttpServletResponse response)
            throws IOException {
        RequestTime.lift();
        active.incrementAndGet();
        var out = new CountingOutputStream(response.getOutputStream(), octets(format));
        try (var archive =
                format == ExportFormat.ZIP ? new ZipArchive(out) : new MboxWriter(out, status)) {
            exports.write(account, page, archive);
            archive.finish();
        } catch (ImapException e) {
            throw response.isCommitted() ? new TruncatedFile() : e;
        } finally {
            active.decrementAndGet();
        }
    }

    private Counter octets(ExportFormat format) {
        return Counter.builder("postern.exports.octets")
                .description("Octets of exports that were sent.")
                .baseUnit("bytes")
                .tag("format", format.id())
                .register(meters);
    }

    /// Import an mbox.
    ///
    /// Appends every message of an mbox (mboxrd or mboxo, LF or CRLF) with its date and flags, and
    /// answers what became of each. One that fails does not keep the others out. Where the storage
    /// has no room for an mbox of that `Content-Length`, nothing of it is read. `Status`,
    /// `X-Status`, `X-Keywords`, `X-Mozilla-Status` and the like become flags and are not part of
    /// the message any more.
    ///
    /// Nothing tells a message that is in the mailbox already: an mbox that is sent twice is
    /// imported twice, unless it comes with the same `Idempotency-Key`. The same key goes on with
    /// an import that broke off, or of whose messages nobody knew whether they were stored: those
    /// are looked for, what was not stored is, and nothing is stored twice; what cannot be found
    /// out stays `unknown`. Any other import is not run again, whatever became of its messages: the
    /// same answer comes. Since the mbox is streamed, it is told from another one by its length
    /// alone, and by its octets where they are 64 KB at most and announced by `Content-Length`.
    ///
    /// @param keywords Keywords that every message gets besides its own.
    /// @param skip How many messages at the beginning are left out: `next` of the import before.
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/mbox",
                            schema = @Schema(type = "string", format = "binary")))
    @DeclaresProblems({404, 507})
    @Idempotent
    @PostMapping(path = "/import", consumes = "application/mbox")
    @RequiresScope(Scope.DRAFT)
    ImportResult importMailbox(
            Account account,
            @PathVariable MailboxId mailboxId,
            @RequestParam @Nullable List<String> keywords,
            @Bounds(min = 0, max = Integer.MAX_VALUE) @RequestParam(defaultValue = "0") int skip,
            HttpServletRequest request)
            throws IOException {
        if (skip < 0) {
            throw InvalidRequest.parameter("skip", "must be at least 0");
        }
        var flags = flags(keywords);
        var mailbox = mailboxes.resolve(account, mailboxId);
        var target = imports.require(account, mailbox, request.getContentLengthLong(), skip);
        RequestTime.lift();
        var result = imports.run(account, target, request.getInputStream(), flags, skip);
        count("imported", result.imported());
        count("failed", result.failed());
        count("unknown", result.unknown());
        return result;
    }

    private static Set<Flag> flags(@Nullable List<String> keywords) {
        var flags = new HashSet<Flag>();
        for (var keyword : keywords == null ? List.<String>of() : keywords) {
            flags.add(
                    StorableKeywords.flag(keyword)
                            .orElseThrow(() ->
                                    InvalidRequest.parameter(
                                            "keywords", "has one that cannot be stored")));
        }
        return flags;
    }

    private void count(String outcome, int messages) {
        Counter.builder("postern.imports.messages")
                .description("Messages of imports, by outcome.")
                .tag("outcome", outcome)
                .register(meters)
                .increment(messages);
    }
}
