package postern.events;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.digest.Sha256;
import postern.imap.MailboxName;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.shared.SharedStateUnavailable;
import postern.web.id.EventId;
import postern.web.id.OpaqueText;
import postern.web.id.SyncState;

/**
 * Ids of events, which are the states of all mailboxes of a stream: in the id itself where they are
 * short, else in the shared state under a hash.
 */
@Component
class EventStates {

    /** The octets of an id that becomes no longer than a KB of text. */
    private static final int MOST_OCTETS = 740;

    /** What a stranger could make us read. */
    private static final int MOST_STATES = 100;

    private static final int DIGEST = 16;
    private static final int NAME = 6;

    private final SharedState shared;
    private final EventsProperties properties;

    EventStates(SharedState shared, EventsProperties properties) {
        this.shared = shared;
        this.properties = properties;
    }

    /** The id of what has been told; mailboxes without a state are left out. */
    EventId id(Account account, Collection<StreamedMailbox> mailboxes) {
        var states = new ByteArrayOutputStream();
        for (var mailbox : mailboxes) {
            var state = mailbox.state();
            if (state != null) {
                var payload = state.payload();
                states.writeBytes(name(mailbox.name()));
                OpaqueText.putNumber(states, payload.remaining());
                states.write(payload.array(), payload.arrayOffset(), payload.remaining());
            }
        }
        var id = new ByteArrayOutputStream();
        if (states.size() <= MOST_OCTETS) {
            id.write('s');
            id.writeBytes(states.toByteArray());
        } else {
            var digest = Arrays.copyOf(Sha256.of(states.toByteArray()), DIGEST);
            shared.put(
                    SharedArea.EVENT_STATES,
                    key(account, digest),
                    states.toByteArray(),
                    properties.idLifetime());
            id.write('r');
            id.writeBytes(digest);
        }
        return EventId.of(id);
    }

    /**
     * Gives the mailboxes the states of this id. Those that it does not have get none: nobody knows
     * how much their client was told.
     */
    void resume(Account account, String lastEventId, Collection<StreamedMailbox> mailboxes) {
        try {
            var states = states(account, EventId.parse(lastEventId));
            mailboxes.forEach(it -> it.state(states.get(text(name(it.name())))));
        } catch (IllegalArgumentException | SharedStateUnavailable _) {
            // A browser would never connect again if it were refused.
            mailboxes.forEach(it -> it.state(null));
        }
    }

    private Map<String, SyncState> states(Account account, EventId id) {
        var in = id.payload();
        if (!in.hasRemaining()) {
            throw new IllegalArgumentException("is empty");
        }
        byte kind = in.get();
        var rest = new byte[in.remaining()];
        in.get(rest);
        var octets = kind == 's' ? rest : stored(account, rest);
        return octets == null ? Map.of() : read(ByteBuffer.wrap(octets));
    }

    private byte @Nullable [] stored(Account account, byte[] digest) {
        var octets = shared.get(SharedArea.EVENT_STATES, key(account, digest));
        return octets != null && Arrays.equals(Arrays.copyOf(Sha256.of(octets), DIGEST), digest)
                ? octets
                : null;
    }

    private static Map<String, SyncState> read(ByteBuffer in) {
        var states = new HashMap<String, SyncState>();
        while (in.hasRemaining() && states.size() < MOST_STATES) {
            if (in.remaining() < NAME) {
                throw new IllegalArgumentException("ends too early");
            }
            var name = new byte[NAME];
            in.get(name);
            long length = OpaqueText.number(in);
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("ends too early");
            }
            var payload = new byte[(int) length];
            in.get(payload);
            var state = new ByteArrayOutputStream();
            state.writeBytes(payload);
            states.put(text(name), SyncState.of(state));
        }
        return states;
    }

    private static byte[] name(MailboxName mailbox) {
        return Arrays.copyOf(Sha256.of(mailbox.wire()), NAME);
    }

    private static String text(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /** An account finds its own states alone. */
    private static String key(Account account, byte[] digest) {
        return AccountKey.of(account).sharedName(text(digest));
    }
}
