package postern.events;

import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.SessionTokens;
import postern.changes.Changes;
import postern.changes.ChangesPage;
import postern.changes.ChangesQuery;
import postern.deadline.Deadlines;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.watch.Listening;
import postern.imap.watch.MailboxWatches;
import postern.message.sync.MailboxStates;
import postern.web.Caller;
import postern.web.ClientAddress;
import postern.web.id.SyncState;
import postern.web.limit.ListenerPlaces;
import tools.jackson.databind.json.JsonMapper;

/** Opens streams of events, and is what all of them share. */
@Component
class EventStreams {

    private static final int BUFFER = 512;

    private final Changes changes;
    private final MailboxStates states;
    private final MailboxWatches watches;
    private final ImapConnections connections;
    private final SessionTokens tokens;
    private final ListenerPlaces places;
    private final EventStates ids;
    private final EventsProperties properties;
    private final JsonMapper json;
    private final Deadlines deadlines = new Deadlines("event-deadlines");

    EventStreams(
            Changes changes,
            MailboxStates states,
            MailboxWatches watches,
            ImapConnections connections,
            SessionTokens tokens,
            ListenerPlaces places,
            EventStates ids,
            EventsProperties properties,
            JsonMapper json) {
        this.changes = changes;
        this.states = states;
        this.watches = watches;
        this.connections = connections;
        this.tokens = tokens;
        this.places = places;
        this.ids = ids;
        this.properties = properties;
        this.json = json;
    }

    @PreDestroy
    void close() {
        deadlines.close();
    }

    /**
     * Takes a place, proves the credential, and begins to tell. The request ends for Spring, and
     * goes on for the container; it holds no thread of it.
     */
    void open(
            EventStream<?> stream,
            boolean resumes,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var account = stream.account();
        // Places are the account's, and its connection watches with the credential.
        prove(account);
        var place = places.take(account, ClientAddress.of(request), stream::end);
        Listening listening = null;
        try {
            listening = stream.teller().listen();
            stream.teller().begin(resumes);
            start(stream, resumes, listening, place, request, response);
        } catch (IOException | RuntimeException | Error e) {
            if (listening != null) {
                listening.close();
            }
            place.close();
            throw e;
        }
    }

    private void start(
            EventStream<?> stream,
            boolean resumes,
            Listening listening,
            ListenerPlaces.Place place,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        describe(response);
        var out = response.getOutputStream();
        var first = resumes ? null : stream.teller().id();
        var async = request.startAsync();
        async.setTimeout(0);
        var output = new EventOutput(async, out, deadlines, properties.writeTimeout(), stream::end);
        Thread.ofVirtual()
                .name("event-stream")
                .start(() -> {
                    try (place) {
                        stream.run(output, first);
                    } finally {
                        if (stream.revoked()) {
                            listening.revoke();
                        } else {
                            listening.close();
                        }
                        output.end();
                    }
                });
    }

    /** By a login, or by a connection that was opened with the same credential. */
    void prove(Account account) {
        connections.borrow(account, Lane.SYNC).close();
    }

    /** Throws MailboxNotFound. */
    void requireMailbox(Account account, MailboxName mailbox) {
        try (var connection = connections.borrow(account, Lane.SYNC)) {
            connection.status(mailbox);
        }
    }

    static void describe(HttpServletResponse response) {
        // It is kept for as long as the stream is open.
        response.setBufferSize(BUFFER);
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // nginx would collect the events
        response.setHeader("X-Accel-Buffering", "no");
    }

    EventsProperties properties() {
        return properties;
    }

    Listener listener(Caller caller) {
        var session = caller.session();
        return new Listener(
                caller.account(),
                () -> {
                    if (session != null) {
                        tokens.requireValid(session);
                    }
                });
    }

    ChangesPage changes(Account account, StreamedMailbox mailbox, ChangesQuery query) {
        return changes.list(account, mailbox.id(), query);
    }

    SyncState now(Account account, MailboxName mailbox) {
        return states.now(account, mailbox);
    }

    EventStates ids() {
        return ids;
    }

    MailboxWatches watches() {
        return watches;
    }

    ImapConnections connections() {
        return connections;
    }

    String json(Object data) {
        return json.writeValueAsString(data);
    }
}
