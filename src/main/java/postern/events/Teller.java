package postern.events;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import postern.imap.watch.Listening;
import postern.imap.watch.Marks;
import postern.web.id.EventId;

/**
 * Finds out what a client has not been told, and tells it. All but {@link #marks} is for one thread
 * at a time.
 *
 * @param <K> what is looked at together
 */
interface Teller<K> {

    /** What may have changed since it was looked at. */
    Marks<K> marks();

    /** Begins to mark what may have changed. */
    Listening listen();

    /** The client has been told up to this id, or has chosen to know nothing of before. */
    void resume(String lastEventId);

    /**
     * Takes up what is so now as what the client knows.
     *
     * @param resumes whether it knows another time, since which everything is to be told
     */
    void begin(boolean resumes);

    /** The id of what the client has been told. */
    @Nullable EventId id();

    /** Tells what has changed; throws {@link StreamOver} where nothing more must be told. */
    void tell(K due, EventOutput output) throws IOException;
}
