package postern.events;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.account.LinkRefused;
import postern.account.SessionRefused;
import postern.imap.watch.Marks;
import postern.shared.SharedStateUnavailable;
import postern.web.id.EventId;
import postern.web.problem.ProblemCode;

/**
 * Tells one client what changes, on a virtual thread of its own. Nothing is queued: what may have
 * changed is marked, however often, and what has changed is found out when the client is ready to
 * be told.
 *
 * @param <K> what its teller looks at together
 */
final class EventStream<K> {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private final EventStreams streams;
    private final Listener listener;
    private final Teller<K> teller;
    private boolean revoked;

    EventStream(EventStreams streams, Listener listener, Teller<K> teller) {
        this.streams = streams;
        this.listener = listener;
        this.teller = teller;
    }

    Account account() {
        return listener.account();
    }

    Teller<K> teller() {
        return teller;
    }

    void end() {
        teller.marks().end();
    }

    /** Whether its credential is no longer good. */
    boolean revoked() {
        return revoked;
    }

    /** Tells until the client leaves, the session ends, or the process does. */
    void run(EventOutput output, @Nullable EventId first) {
        try {
            output.begin(streams.properties().retry(), first);
            for (var due = next(output); !teller.marks().ended(); due = next(output)) {
                requireSession();
                if (due == null) {
                    output.heartbeat();
                } else {
                    teller.tell(due.key(), output);
                }
            }
        } catch (IOException _) {
            // the client has left
        } catch (StreamOver over) {
            revoked = true;
            sayGoodbye(output, over.code());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (SharedStateUnavailable _) {
            // Nobody knows whether the session was ended. The client connects again, and goes on
            // from its last id when the store answers.
        } catch (RuntimeException e) {
            // The client connects again, and is told what came after its last id.
            log.error("a stream of events failed: {}", e.getClass().getName());
        }
    }

    private void sayGoodbye(EventOutput output, ProblemCode code) {
        try {
            output.event("session.ending", streams.json(new SessionEnding(code)), null);
        } catch (IOException _) {
            // the client has left
        }
    }

    /** What to tell next; null where a heartbeat is due before. */
    private Marks.@Nullable Due<K> next(EventOutput output) throws InterruptedException {
        var heartbeat = streams.properties().heartbeat();
        for (var left = heartbeat.minus(output.silence());
                left.isPositive() && !teller.marks().ended();
                left = heartbeat.minus(output.silence())) {
            teller.marks().await(left);
            var due = teller.marks().take();
            if (due != null) {
                return due;
            }
        }
        return null;
    }

    private void requireSession() {
        try {
            listener.stillValid().run();
        } catch (LinkRefused refused) {
            throw new StreamOver(
                    refused.reason() == LinkRefused.Reason.REVOKED
                            ? ProblemCode.SESSION_REVOKED
                            : ProblemCode.LINK_EXPIRED);
        } catch (SessionRefused refused) {
            throw new StreamOver(
                    refused.reason() == SessionRefused.Reason.EXPIRED
                            ? ProblemCode.SESSION_EXPIRED
                            : ProblemCode.SESSION_REVOKED);
        }
    }
}
