package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this replica knows of ended sessions while the store cannot be reached: what was in the
 * store when it subscribed, and what it was told since. A logout is then forgotten by nobody who
 * was told of it; where there was no room for one, a session that is not known to have ended counts
 * as unknown.
 */
final class RevocationMirror {

    private static final Logger log = LoggerFactory.getLogger(RevocationMirror.class);

    private static final int SCANNED_AT_ONCE = 500;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final RedisClient client;
    private final String prefix;
    private final MirroredValues values =
            new MirroredValues(
                    new InMemorySharedState(InstantSource.system()), InstantSource.system());
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile @Nullable Thread connecting;

    RevocationMirror(RedisClient client, String prefix) {
        this.client = client;
        this.prefix = prefix;
    }

    /** Subscribes as soon as the store can be reached; nobody waits for it. */
    void begin() {
        connecting = Thread.ofVirtual().name("revocation-mirror").start(this::subscribe);
    }

    void end() {
        ended.set(true);
        var thread = connecting;
        if (thread != null) {
            thread.interrupt();
        }
    }

    byte @Nullable [] get(SharedArea area, String key) {
        return values.get(area, key);
    }

    boolean hasAny(SharedArea area, Collection<String> keys) {
        return values.hasAny(area, keys);
    }

    void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        values.put(area, key, value, lifetime);
    }

    byte[] channel() {
        return (prefix + "revoked").getBytes(UTF_8);
    }

    byte[] message(SharedArea area, String key, byte[] value, long lifetimeMillis) {
        var octets = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(octets)) {
            out.writeUTF(area.name());
            out.writeUTF(key);
            out.writeLong(lifetimeMillis);
            out.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    private void subscribe() {
        while (!ended.get() && !subscribed() && slept()) {
            // tried again
        }
    }

    /** Lettuce subscribes again after each loss of the connection. */
    private boolean subscribed() {
        try {
            StatefulRedisPubSubConnection<byte[], byte[]> subscription =
                    client.connectPubSub(ByteArrayCodec.INSTANCE);
            subscription.addListener(new Listener());
            try {
                subscription.sync().subscribe(channel());
                return true;
            } catch (RedisException e) {
                subscription.closeAsync();
                throw e;
            }
        } catch (RedisException e) {
            if (e instanceof RedisCommandExecutionException
                    && reported.compareAndSet(false, true)) {
                log.warn(
                        "the store of the replicas refuses a subscription to the channel {}revoked:"
                                + " while it is away, this replica does not know which sessions"
                                + " other replicas have ended",
                        prefix);
            }
            return false;
        }
    }

    private static boolean slept() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private final class Listener extends RedisPubSubAdapter<byte[], byte[]> {

        @Override
        public void message(byte[] channel, byte[] message) {
            try (var in = new DataInputStream(new ByteArrayInputStream(message))) {
                var area = SharedArea.valueOf(in.readUTF());
                var key = in.readUTF();
                var lifetime = Duration.ofMillis(in.readLong());
                put(area, key, in.readAllBytes(), lifetime);
            } catch (IOException | IllegalArgumentException _) {
                // of a replica with another version
                log.warn("a message of another replica cannot be read");
            }
        }

        /** Whatever was told while nobody listened is in the store. */
        @Override
        public void subscribed(byte[] channel, long count) {
            Thread.ofVirtual().name("revocation-mirror").start(RevocationMirror.this::load);
        }
    }

    /** Until all is read: the connection may be well although a command timed out. */
    private void load() {
        while (!ended.get() && !loaded() && slept()) {
            // tried again
        }
    }

    private boolean loaded() {
        try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
            for (var area : SharedArea.values()) {
                if (area.mirrored()) {
                    load(area, connection);
                }
            }
            return true;
        } catch (RedisException _) {
            return false;
        }
    }

    private void load(SharedArea area, StatefulRedisConnection<byte[], byte[]> connection) {
        var commands = connection.sync();
        var begin = prefix + area.word() + ":";
        var which = ScanArgs.Builder.limit(SCANNED_AT_ONCE).match(begin + "*");
        ScanCursor at = ScanCursor.INITIAL;
        while (!at.isFinished() && !ended.get()) {
            KeyScanCursor<byte[]> found = commands.scan(at, which);
            for (var name : found.getKeys()) {
                long left = commands.pttl(name);
                var value = commands.get(name);
                if (left > 0 && value != null) {
                    var key = new String(name, UTF_8).substring(begin.length());
                    put(area, key, value, Duration.ofMillis(left));
                }
            }
            at = found;
        }
    }
}
