package postern.events;

import static java.util.Objects.requireNonNull;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ImapException;
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
@RequestMapping("/v1")
@Tag(name = "changes")
class EventsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    static final int MOST_MAILBOXES = 10;

    private final EventStreams streams;
    private final EventLinks links;
    private final MailboxResolver mailboxes;

    EventsController(EventStreams streams, EventLinks links, MailboxResolver mailboxes) {
        this.streams = streams;
        this.links = links;
        this.mailboxes = mailboxes;
    }

    /// Be told at once of what changes in mailboxes.
    ///
    /// A stream of server-sent events (`text/event-stream`) that goes on until the client or the
    /// session ends it; read it with `EventSource` or line by line, not with a generated method.
    /// Each has JSON as its `data`. With `mailboxId`:
    ///
    /// - `message.added` {`mailboxId`, `added`, `state`}, `message.updated` {`mailboxId`,
    ///   `updated`, `state`} and `message.removed` {`mailboxId`, `removed`, `state`} are as in
    ///   `listChanges`. `state` comes with the last of them, as `listChanges` takes it.
    /// - `resync` {`mailboxId`}: close the stream and ask `listChanges`, since more has changed
    ///   than is told here, or it is not known what has. Then open a new stream with `since` and
    ///   the new state, without `Last-Event-ID`.
    ///
    /// Without `mailboxId`, of all mailboxes that the token reaches:
    ///
    /// - `mailbox.changed` {`mailboxId`, `totalMessages`, `unreadMessages`, `state`}: messages came
    ///   or went, or keywords changed: ask `listChanges` with the `state` of your copy. The `state`
    ///   told here is for an app that keeps no copy of this mailbox; it is absent where it would
    ///   cost the mail server much.
    /// - `mailbox.created` {`mailboxId`, `path`, `totalMessages`, `unreadMessages`},
    ///   `mailbox.removed` {`mailboxId`} and `mailbox.renamed` {`previousId`, `id`, `path`}. Where
    ///   the mail server has OBJECTID, `previousId` and `id` are the same. Elsewhere a rename by
    ///   another program is told as a mailbox that was removed and one that was created.
    /// - `resync` {}: ask `queryAccountChanges`.
    ///
    /// Either way:
    ///
    /// - `session.ending` {`code`}: nothing more is told with these credentials.
    ///
    /// An event may come more than once, and to apply it again does no harm. Apply what changed
    /// together when its last event has come, and not what a stream did not complete. The last
    /// event of what changed together has an `id`: a client that sends the last `id` as
    /// `Last-Event-ID` when it connects again, to any replica, misses nothing. Types that are
    /// unknown are to be ignored, and so are comments, which come when there is nothing else.
    ///
    /// @param mailboxId The mailboxes to be told of; when not given, all of the account.
    /// @param since For each `mailboxId`, in the same order, the `state` of the list or of the
    ///   changes before: what has changed since is told first. Without it, what changes from now
    ///   on.
    /// @param fields The fields of `added`; when not given, all but `attachments`, `automatic`,
    ///   `list` and `receiptRequested`.
    @ApiResponse(
            responseCode = "200",
            description = "The events.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @DeclaresProblems({404})
    @GetMapping("/events")
    @RequiresScope(Scope.READ)
    void streamEvents(
            Caller caller,
            @RequestParam @Nullable List<MailboxId> mailboxId,
            @RequestParam @Nullable List<SyncState> since,
            @RequestParam @Nullable List<MessageField> fields,
            @RequestHeader(name = LAST_EVENT_ID, required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var known = since == null ? List.<SyncState>of() : since;
        var listener = streams.listener(caller);
        if (mailboxId == null) {
            if (!known.isEmpty()) {
                throw InvalidRequest.parameter("since", "must be one for each mailboxId");
            }
            if (fields != null) {
                throw InvalidRequest.parameter("fields", "needs a mailboxId");
            }
            open(account(listener), false, lastEventId, request, response);
            return;
        }
        if (mailboxId.isEmpty() || mailboxId.size() > MOST_MAILBOXES) {
            throw InvalidRequest.parameter(
                    "mailboxId", "must be 1 to " + MOST_MAILBOXES + " mailboxes");
        }
        if (!known.isEmpty() && known.size() != mailboxId.size()) {
            throw InvalidRequest.parameter("since", "must be one for each mailboxId");
        }
        var streamed = streamed(caller.account(), mailboxId, known);
        var stream = stream(listener, streamed, MessageField.of(fields));
        open(stream, !known.isEmpty(), lastEventId, request, response);
    }

    private EventStream<?> account(Listener listener) {
        return new EventStream<>(streams, listener, new AccountTeller(streams, listener.account()));
    }

    private EventStream<?> stream(
            Listener listener, Collection<StreamedMailbox> mailboxes, Set<MessageField> fields) {
        return new EventStream<>(
                streams,
                listener,
                new MailboxTeller(streams, listener.account(), mailboxes, fields));
    }

    private void open(
            EventStream<?> stream,
            boolean resumes,
            @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        boolean again = false;
        if (lastEventId != null && !lastEventId.isEmpty()) {
            stream.teller().resume(lastEventId);
            again = true;
        }
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            EventStreams.describe(response);
            response.flushBuffer();
            return;
        }
        streams.open(stream, resumes || again, request, response);
    }

    /// Make a link to events.
    ///
    /// A URL for the `EventSource` of a browser, which can send no header. It tells what
    /// `streamEvents` tells of these mailboxes, or without `mailboxes` of the account, until it
    /// expires or the session ends in which it was made; then comes `session.ending`. The
    /// `Last-Event-ID` that a browser sends when it connects again wins over `since`. A mailbox
    /// that is gone later is told by a `resync`, and the others go on.
    @DeclaresProblems({404})
    @PostMapping("/events/links")
    @RequiresScope(Scope.READ)
    EventsLink createEventsLink(Caller caller, @Valid @RequestBody EventsLinkRequest wanted) {
        var target = wanted.mailboxes() == null ? target(wanted) : target(caller, wanted);
        streams.prove(caller.account());
        return links.create(caller, target, wanted.lifetimeSeconds());
    }

    /** All mailboxes, from when the link is opened. */
    private static EventLinks.Target target(EventsLinkRequest wanted) {
        if (wanted.fields() != null) {
            throw InvalidRequest.at("/fields", "needs mailboxes");
        }
        return new EventLinks.Target(List.of(), Set.of(), null);
    }

    private EventLinks.Target target(Caller caller, EventsLinkRequest wanted) {
        var items = requireNonNull(wanted.mailboxes());
        var ids = items.stream().map(EventsLinkRequest.Item::mailboxId).toList();
        var streamed = streamed(caller.account(), ids, List.of());
        for (var item : items) {
            if (item.since() != null) {
                var name = mailboxes.resolve(caller.account(), item.mailboxId());
                streamed.stream()
                        .filter(it -> it.name().equals(name))
                        .forEach(it -> it.state(item.since()));
            }
        }
        for (var mailbox : streamed) {
            // An id or a state does not show that the mailbox is still there.
            if (mailbox.state() == null) {
                mailbox.state(streams.now(caller.account(), mailbox.name()));
            } else {
                streams.requireMailbox(caller.account(), mailbox.name());
            }
        }
        return new EventLinks.Target(
                streamed.stream().map(StreamedMailbox::id).toList(),
                MessageField.of(wanted.fields()),
                streams.ids().id(caller.account(), streamed));
    }

    /// Open a link to events.
    ///
    /// Answers as `streamEvents` does. No credentials are asked for or looked at.
    ///
    /// @param token The last part of a link's `url`.
    @SecurityRequirements
    @ApiResponse(
            responseCode = "200",
            description = "The events.",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string")))
    @DeclaresProblems({404, 410})
    @GetMapping("/links/events/{token}")
    @RequiresScope
    void openEventsLink(
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "string",
                                            example =
                                                    "5f0a3c91d27e.eyJraWQiOi.dGhlIG5v.bmNlIGFu.cmVzdA"))
                    @PathVariable
                    String token,
            @RequestHeader(name = LAST_EVENT_ID, required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var link = links.open(token);
        var target = link.target();
        var listener = link.listener();
        var stream =
                target.mailboxes().isEmpty()
                        ? account(listener)
                        : stream(
                                listener,
                                target.mailboxes().stream()
                                        .map(id -> perhapsGone(listener.account(), id))
                                        .toList(),
                                target.fields());
        if (target.told() != null) {
            stream.teller().resume(target.told().text());
        }
        open(stream, target.told() != null, lastEventId, request, response);
    }

    /** A mailbox that is gone is told as such: an EventSource that gets a 404 never comes again. */
    private StreamedMailbox perhapsGone(Account account, MailboxId id) {
        try {
            return streamed(mailboxes.resolve(account, id));
        } catch (ImapException.MailboxNotFound gone) {
            if (id instanceof MailboxId.ByName(var name)) {
                return new StreamedMailbox(id, name);
            }
            throw gone;
        }
    }

    private static StreamedMailbox streamed(MailboxName name) {
        return new StreamedMailbox(MailboxId.of(name), name);
    }

    private Collection<StreamedMailbox> streamed(
            Account account, List<MailboxId> ids, List<SyncState> since) {
        var streamed = new LinkedHashMap<MailboxName, StreamedMailbox>();
        for (int i = 0; i < ids.size(); i++) {
            var name = mailboxes.resolve(account, ids.get(i));
            var mailbox = streamed(name);
            if (!since.isEmpty()) {
                mailbox.state(since.get(i));
            }
            streamed.put(name, mailbox);
        }
        return streamed.values();
    }
}
