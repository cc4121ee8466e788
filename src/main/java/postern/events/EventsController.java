package postern.events;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Scope;
import postern.imap.MailboxName;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.MessageField;
import postern.web.Caller;
import postern.web.RequiresScope;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;
import postern.web.problem.DeclaresProblems;
import postern.web.problem.InvalidRequest;

@RestController
@RequestMapping("/v1/events")
@Tag(name = "changes")
class EventsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int MOST_MAILBOXES = 10;

    private final EventStreams streams;
    private final MailboxResolver mailboxes;

    EventsController(EventStreams streams, MailboxResolver mailboxes) {
        this.streams = streams;
        this.mailboxes = mailboxes;
    }

    /// Be told at once of what changes in mailboxes.
    ///
    /// A stream of server-sent events (`text/event-stream`) that goes on until the client or the
    /// session ends it; read it with `EventSource` or line by line, not with a generated method.
    /// Each has JSON as its `data`:
    ///
    /// - `message.added` {`mailboxId`, `added`, `state`}, `message.updated` {`mailboxId`,
    ///   `updated`, `state`} and `message.removed` {`mailboxId`, `removed`, `state`} are as in
    ///   `listChanges`. `state` comes with the last of them, as `listChanges` takes it.
    /// - `resync` {`mailboxId`}: ask `listChanges`, since more has changed than is told here, or it
    ///   is not known what has.
    /// - `session.ending` {`code`}: nothing more is told with these credentials.
    ///
    /// An event may come more than once, and to apply it again does no harm. The last event of what
    /// changed together has an `id`: a client that sends the last `id` as `Last-Event-ID` when it
    /// connects again, to any replica, misses nothing. Types that are unknown are to be ignored,
    /// and so are comments, which come when there is nothing else.
    ///
    /// @param mailboxId The mailboxes to be told of.
    /// @param since For each `mailboxId`, in the same order, the `state` of the list or of the
    ///   changes before: what has changed since is told first. Without it, what changes from now
    ///   on.
    /// @param fields The fields of `added`, all when not given.
    @ApiResponse(
            responseCode = "200",
            description = "The events.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @DeclaresProblems({404})
    @GetMapping
    @RequiresScope(Scope.READ)
    void streamEvents(
            Caller caller,
            @RequestParam List<MailboxId> mailboxId,
            @RequestParam @Nullable List<SyncState> since,
            @RequestParam @Nullable List<MessageField> fields,
            @RequestHeader(name = LAST_EVENT_ID, required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var known = since == null ? List.<SyncState>of() : since;
        if (mailboxId.isEmpty() || mailboxId.size() > MOST_MAILBOXES) {
            throw InvalidRequest.parameter(
                    "mailboxId", "must be 1 to " + MOST_MAILBOXES + " mailboxes");
        }
        if (!known.isEmpty() && known.size() != mailboxId.size()) {
            throw InvalidRequest.parameter("since", "must be one for each mailboxId");
        }
        var streamed = streamed(caller, mailboxId, known);
        if (lastEventId != null && !lastEventId.isEmpty()) {
            streams.resume(caller.account(), lastEventId, streamed.values());
        }
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            EventStreams.describe(response);
            response.flushBuffer();
            return;
        }
        boolean resumes = lastEventId != null && !lastEventId.isEmpty() || !known.isEmpty();
        var stream = new EventStream(streams, caller, streamed.values(), MessageField.of(fields));
        streams.open(caller, stream, resumes, request, response);
    }

    private Map<MailboxName, StreamedMailbox> streamed(
            Caller caller, List<MailboxId> ids, List<SyncState> since) {
        var streamed = new LinkedHashMap<MailboxName, StreamedMailbox>();
        for (int i = 0; i < ids.size(); i++) {
            var name = mailboxes.resolve(caller.account(), ids.get(i));
            var mailbox = new StreamedMailbox(MailboxId.of(name), name);
            if (!since.isEmpty()) {
                mailbox.state(since.get(i));
            }
            streamed.put(name, mailbox);
        }
        return streamed;
    }
}
