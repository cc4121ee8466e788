package postern.events;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.account.LinkRefused;
import postern.account.SessionRefused;
import postern.changes.ChangesPage;
import postern.changes.ChangesQuery;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.message.metadata.MessageField;
import postern.web.id.EventId;
import postern.web.id.SyncState;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Tells one client what changes in some mailboxes, on a virtual thread of its own. Nothing is
 * queued: a mailbox that may have changed is marked, however often, and what changed since its
 * state is found out when the client is ready to be told.
 */
final class EventStream {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    /** The changes in one frame. */
    private static final int PAGE = 100;

    /** More changes than this are fetched by the client itself. */
    private static final int MOST = 1_000;

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 5;

    private final EventStreams streams;
    private final Listener listener;
    private final Collection<StreamedMailbox> mailboxes;
    private final Set<MessageField> fields;

    // Guarded by the monitor.
    private final Map<MailboxName, Long> marked = new LinkedHashMap<>();
    private boolean ended;

    private int failures;
    private boolean revoked;

    EventStream(
            EventStreams streams,
            Listener listener,
            Collection<StreamedMailbox> mailboxes,
            Set<MessageField> fields) {
        this.streams = streams;
        this.listener = listener;
        this.mailboxes = List.copyOf(mailboxes);
        this.fields = fields;
    }

    Collection<StreamedMailbox> mailboxes() {
        return mailboxes;
    }

    /** The mailbox may have changed. */
    synchronized void mark(MailboxName mailbox) {
        marked.merge(mailbox, System.nanoTime(), (before, now) -> before - now < 0 ? before : now);
        notifyAll();
    }

    private synchronized void markLater(MailboxName mailbox, Duration time) {
        marked.put(mailbox, System.nanoTime() + time.toNanos());
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Whether its credential is no longer good. */
    boolean revoked() {
        return revoked;
    }

    /** Tells until the client leaves, the session ends, or the process does. */
    void run(EventOutput output, @Nullable EventId first) {
        try {
            output.begin(streams.properties().retry(), first);
            for (var next = next(output); !next.end(); next = next(output)) {
                requireSession();
                if (next.mailbox() == null) {
                    output.heartbeat();
                } else {
                    tell(next.mailbox(), output);
                }
            }
        } catch (IOException _) {
            // the client has left
        } catch (Over over) {
            revoked = true;
            sayGoodbye(output, over.code);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayGoodbye(EventOutput output, ProblemCode code) {
        try {
            output.event("session.ending", streams.json(new SessionEnding(code)), null);
        } catch (IOException _) {
            // the client has left
        }
    }

    /** What to do next; a heartbeat where there is no mailbox. */
    private record Next(@Nullable StreamedMailbox mailbox, boolean end) {}

    private synchronized Next next(EventOutput output) throws InterruptedException {
        while (!ended) {
            var heartbeat = streams.properties().heartbeat().minus(output.silence());
            if (!heartbeat.isPositive()) {
                return new Next(null, false);
            }
            long now = System.nanoTime();
            long wait = heartbeat.toNanos();
            for (var mailbox : mailboxes) {
                var due = marked.get(mailbox.name());
                if (due != null && due - now <= 0) {
                    marked.remove(mailbox.name());
                    return new Next(mailbox, false);
                }
                wait = due == null ? wait : Math.min(wait, due - now);
            }
            // the monitor counts in milliseconds
            TimeUnit.NANOSECONDS.timedWait(this, wait + 1_000_000);
        }
        return new Next(null, true);
    }

    /** The session has ended, or its credential is not accepted any more. */
    private static final class Over extends RuntimeException {

        private final ProblemCode code;

        private Over(ProblemCode code) {
            super(code.toString(), null, false, false);
            this.code = code;
        }
    }

    private void requireSession() {
        try {
            listener.stillValid().run();
        } catch (LinkRefused _) {
            throw new Over(ProblemCode.LINK_EXPIRED);
        } catch (SessionRefused refused) {
            throw new Over(
                    refused.reason() == SessionRefused.Reason.EXPIRED
                            ? ProblemCode.SESSION_EXPIRED
                            : ProblemCode.SESSION_REVOKED);
        }
    }

    private void tell(StreamedMailbox mailbox, EventOutput output) throws IOException {
        try {
            var state = mailbox.state();
            if (state == null) {
                resync(mailbox, output);
            } else {
                changes(mailbox, state, output);
            }
            failures = 0;
        } catch (ProblemException expired) {
            expire(mailbox);
        } catch (ImapException failure) {
            failed(mailbox, failure, output);
        }
    }

    private void failed(StreamedMailbox mailbox, ImapException failure, EventOutput output)
            throws IOException {
        switch (failure) {
            case ImapException.AuthenticationFailed _,
                    ImapException.AccessTokenRefused _,
                    ImapException.SignInEnded _ ->
                    throw new Over(ProblemCode.of(failure));
            case ImapException.MailboxReset _ -> expire(mailbox);
            case ImapException.MailboxNotFound _, ImapException.PermissionDenied _ -> {
                if (!mailbox.gone()) {
                    mailbox.lose();
                    tellResync(mailbox, output);
                }
            }
            default -> {
                log.debug("no changes of a mailbox: {}", failure.getClass().getSimpleName());
                retryLater(mailbox);
            }
        }
    }

    /** What has changed since its state cannot be told. */
    private void expire(StreamedMailbox mailbox) {
        if (mailbox.state() == null) {
            retryLater(mailbox);
        } else {
            mailbox.state(null);
            mark(mailbox.name());
        }
    }

    private void retryLater(StreamedMailbox mailbox) {
        var later = RETRY.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures++));
        markLater(mailbox.name(), later);
    }

    /** From here on all changes are told again; those before are for the client to find out. */
    private void resync(StreamedMailbox mailbox, EventOutput output) throws IOException {
        var now = streams.now(account(), mailbox.name());
        tellResync(mailbox, output);
        mailbox.state(now);
    }

    private void tellResync(StreamedMailbox mailbox, EventOutput output) throws IOException {
        output.event("resync", streams.json(new Resync(mailbox.id())), null);
    }

    private void changes(StreamedMailbox mailbox, SyncState since, EventOutput output)
            throws IOException {
        var frames = new Frames(output);
        var query = new ChangesQuery(since, PAGE, null, fields);
        var page = streams.changes(account(), mailbox, query);
        for (int told = size(page); page.nextCursor() != null; told += size(page)) {
            if (told >= MOST) {
                resync(mailbox, output);
                return;
            }
            frames.addAll(frames(mailbox, page));
            page =
                    streams.changes(
                            account(),
                            mailbox,
                            new ChangesQuery(since, PAGE, page.nextCursor(), fields));
        }
        frames.addAll(frames(mailbox, page));
        mailbox.state(page.state());
        frames.end();
    }

    private static int size(ChangesPage page) {
        return page.added().size() + page.updated().size() + page.removed().size();
    }

    private record Frame(String type, String json) {}

    private List<Frame> frames(StreamedMailbox mailbox, ChangesPage page) {
        var frames = new ArrayList<Frame>();
        var state = page.state();
        var last =
                !page.removed().isEmpty()
                        ? "removed"
                        : !page.updated().isEmpty() ? "updated" : "added";
        if (!page.added().isEmpty()) {
            var added =
                    new MessagesAdded(
                            mailbox.id(), page.added(), last.equals("added") ? state : null);
            frames.add(new Frame("message.added", streams.json(added)));
        }
        if (!page.updated().isEmpty()) {
            var updated =
                    new MessagesUpdated(
                            mailbox.id(), page.updated(), last.equals("updated") ? state : null);
            frames.add(new Frame("message.updated", streams.json(updated)));
        }
        if (!page.removed().isEmpty()) {
            var removed = new MessagesRemoved(mailbox.id(), page.removed(), state);
            frames.add(new Frame("message.removed", streams.json(removed)));
        }
        return frames;
    }

    /** Holds the last frame back until it is known that it is the last one, which has the id. */
    private final class Frames {

        private final EventOutput output;
        private @Nullable Frame held;

        Frames(EventOutput output) {
            this.output = output;
        }

        void addAll(List<Frame> frames) throws IOException {
            for (var frame : frames) {
                if (held != null) {
                    output.event(held.type(), held.json(), null);
                }
                held = frame;
            }
        }

        void end() throws IOException {
            if (held != null) {
                output.event(held.type(), held.json(), streams.id(account(), mailboxes));
            }
        }
    }

    Account account() {
        return listener.account();
    }
}
