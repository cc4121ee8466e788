package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * Shares with all replicas by a Valkey or Redis server. While that cannot be reached, each area
 * does what {@link SharedArea} says, and each failure is counted.
 *
 * <p>Every value has a lifetime, so that the server needs no other cleaning.
 */
public final class ValkeySharedState implements SharedState, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ValkeySharedState.class);

    /** After a failure nobody waits for the next one for so long. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** For how long it is believed whether the store is durable, which its operator decides. */
    private static final Duration DURABILITY_KNOWN = Duration.ofMinutes(1);

    /** Finds out within a minute that a server is gone which did not end the connection. */
    private static final SocketOptions.KeepAliveOptions KEEP_ALIVE =
            SocketOptions.KeepAliveOptions.builder()
                    .enable()
                    .idle(Duration.ofSeconds(30))
                    .interval(Duration.ofSeconds(10))
                    .count(3)
                    .build();

    /** Its arguments: whether a value is expected, that value, whether to set one, it, its life. */
    private static final byte[] COMPARE_AND_SET =
            """
            local present = redis.call('GET', KEYS[1])
            if present ~= (ARGV[1] == '1' and ARGV[2]) then return 0 end
            if ARGV[3] == '1' then redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
            else redis.call('DEL', KEYS[1]) end
            return 1
            """
                    .getBytes(UTF_8);

    private static final byte[] NO = {'0'};
    private static final byte[] YES = {'1'};
    private static final byte[] NOTHING = {};

    private final String prefix;
    private final LongSupplier nanoTime;
    private final RedisClient client;
    private final RevocationMirror mirror;
    private final Map<SharedArea, Counter> failures = new EnumMap<>(SharedArea.class);
    private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    /**
     * What the store said of itself.
     *
     * @param at when, in nanoseconds
     */
    private record Durability(boolean durable, long at) {}

    private volatile @Nullable Durability durability;

    /** When the last failure was; null where the last command was answered. */
    private volatile @Nullable Long failedAt;

    public ValkeySharedState(
            URI url, String prefix, Duration timeout, MeterRegistry meters, LongSupplier nanoTime) {
        this.prefix = prefix + ":";
        this.nanoTime = nanoTime;
        var address = parsed(url);
        address.setTimeout(timeout);
        address.setClientName("postern");
        this.client = RedisClient.create(address);
        client.setOptions(
                ClientOptions.builder()
                        // a command that is not sent at once is not sent later, when nobody waits
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(timeout)
                                        // the mirror only listens, and would never notice
                                        .keepAlive(KEEP_ALIVE)
                                        .build())
                        .timeoutOptions(TimeoutOptions.enabled(timeout))
                        .build());
        this.mirror = new RevocationMirror(client, this.prefix);
        for (var area : SharedArea.values()) {
            failures.put(
                    area,
                    Counter.builder("postern.shared.failures")
                            .description("Times that the store of the replicas was missed")
                            .tag("area", area.word())
                            .register(meters));
        }
        Gauge.builder("postern.shared.up", this, it -> it.up() ? 1 : 0)
                .description("Whether the store of the replicas answers")
                .register(meters);
        mirror.begin();
    }

    private static RedisURI parsed(URI url) {
        try {
            return RedisURI.create(url);
        } catch (IllegalArgumentException _) {
            // its message has the URL, and so perhaps a password
            throw new IllegalArgumentException(
                    "postern.shared.url must be like redis://valkey:6379");
        }
    }

    @Override
    public byte @Nullable [] get(SharedArea area, String key) {
        try {
            return asked(area, commands -> commands.get(name(area, key)));
        } catch (SharedStateUnavailable e) {
            if (area.mirrored()) {
                return mirror.get(area, key);
            }
            if (area.maybeMissed()) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public void put(SharedArea area, String key, byte[] value, Duration lifetime) {
        if (!lifetime.isPositive()) {
            return;
        }
        try {
            asked(
                    area,
                    commands ->
                            commands.set(
                                    name(area, key), value, SetArgs.Builder.px(life(lifetime))));
        } catch (SharedStateUnavailable e) {
            if (!area.maybeMissed()) {
                throw e;
            }
        }
        tell(area, key, value, lifetime);
    }

    @Override
    public boolean compareAndSet(
            SharedArea area,
            String key,
            byte @Nullable [] expected,
            byte @Nullable [] value,
            Duration lifetime) {
        boolean keeps = value != null && lifetime.isPositive();
        Long done =
                asked(
                        area,
                        commands ->
                                commands.eval(
                                        COMPARE_AND_SET,
                                        ScriptOutputType.INTEGER,
                                        new byte[][] {name(area, key)},
                                        expected == null ? NO : YES,
                                        expected == null ? NOTHING : expected,
                                        keeps ? YES : NO,
                                        value == null ? NOTHING : value,
                                        Long.toString(life(lifetime)).getBytes(UTF_8)));
        boolean set = done != null && done == 1;
        if (set && keeps) {
            tell(area, key, Objects.requireNonNull(value), lifetime);
        }
        return set;
    }

    /** Whether the store has an append-only file, as it said a minute ago at most. */
    @Override
    public boolean durable() {
        var known = durability;
        long now = nanoTime.getAsLong();
        if (known != null && now - known.at() < DURABILITY_KNOWN.toNanos()) {
            return known.durable();
        }
        try {
            var persistence = asked(SharedArea.GRANTS, commands -> commands.info("persistence"));
            boolean durable = persistence != null && persistence.contains("aof_enabled:1");
            durability = new Durability(durable, now);
            return durable;
        } catch (SharedStateUnavailable _) {
            return false;
        }
    }

    /** Whether the last command was answered. */
    public boolean up() {
        return failedAt == null;
    }

    /** Asks the server for nothing, so that it is known whether it answers. */
    @Override
    public boolean answers() {
        try {
            asked(SharedArea.REVOKED_SESSIONS, RedisCommands::ping);
            return true;
        } catch (SharedStateUnavailable _) {
            return false;
        }
    }

    /** Whether this replica would know it without the store. */
    boolean mirrored(SharedArea area, String key) {
        return mirror.get(area, key) != null;
    }

    private void tell(SharedArea area, String key, byte[] value, Duration lifetime) {
        if (area.mirrored()) {
            mirror.put(area, key, value, lifetime);
            var told = mirror.message(area, key, value, life(lifetime));
            try {
                asked(area, commands -> commands.publish(mirror.channel(), told));
            } catch (SharedStateUnavailable _) {
                // It is in the store, which the others read before their mirrors.
            }
        }
    }

    private byte[] name(SharedArea area, String key) {
        return (prefix + area.word() + ":" + key).getBytes(UTF_8);
    }

    private static long life(Duration lifetime) {
        return Math.max(1, lifetime.toMillis());
    }

    private <T> @Nullable T asked(
            SharedArea area, Function<RedisCommands<byte[], byte[]>, @Nullable T> command) {
        boolean failedBefore = failedAt != null;
        var open = connected();
        if (open == null) {
            count(area);
            throw new SharedStateUnavailable(null);
        }
        try {
            var answer = command.apply(open.sync());
            if (failedAt != null) {
                failedAt = null;
                log.info("the store of the replicas answers again");
            }
            return answer;
        } catch (RedisCommandExecutionException e) {
            // It answers, but does not do it.
            count(area);
            throw area.lossless() && full(e)
                    ? new SharedStateFull(false)
                    : new SharedStateUnavailable(e);
        } catch (RedisException e) {
            if (failedBefore && e instanceof RedisCommandTimeoutException) {
                replace(open);
            }
            failed(e);
            count(area);
            throw new SharedStateUnavailable(e);
        }
    }

    private static boolean full(RedisCommandExecutionException refusal) {
        return String.valueOf(refusal.getMessage()).contains("OOM command not allowed");
    }

    private void failed(RedisException e) {
        if (Thread.currentThread().isInterrupted()) {
            return; // this request was ended, which says nothing of the store
        }
        if (failedAt == null) {
            // its messages may have the URL
            log.warn("the store of the replicas fails: {}", e.getClass().getSimpleName());
        }
        failedAt = nanoTime.getAsLong();
    }

    private boolean paused() {
        var last = failedAt;
        return last != null && nanoTime.getAsLong() - last < PAUSE.toNanos();
    }

    private void count(SharedArea area) {
        Objects.requireNonNull(failures.get(area)).increment();
    }

    /** Null where there is none at present; then all others that wait here get null as well. */
    private @Nullable StatefulRedisConnection<byte[], byte[]> connected() {
        if (paused()) {
            return null;
        }
        var open = connection;
        return open == null ? connect() : open;
    }

    /** At the first use, so that the gateway starts without the store. */
    private synchronized @Nullable StatefulRedisConnection<byte[], byte[]> connect() {
        var open = connection;
        if (open != null || paused()) {
            return open;
        }
        try {
            open = client.connect(ByteArrayCodec.INSTANCE);
            connection = open;
            return open;
        } catch (RedisException e) {
            failed(e);
            return null;
        }
    }

    /**
     * Closes a connection on which nothing is answered, not even after a pause: the server may have
     * gone away without ending it, which the operating system finds out many minutes later.
     */
    private synchronized void replace(StatefulRedisConnection<byte[], byte[]> silent) {
        if (connection == silent) {
            connection = null;
            silent.closeAsync();
        }
    }

    @Override
    public void destroy() {
        mirror.end();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
