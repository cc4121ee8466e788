package postern.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static postern.shared.SharedArea.BUDGETS;
import static postern.shared.SharedArea.CONNECTIONS;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionStateListener;
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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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

    /**
     * A budget is the time at which it is full again, in microseconds. The arguments of each key:
     * the time to fill all of it, the time to fill one token, tokens spent, tokens wanted.
     */
    private static final byte[] SPEND =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local answer = {}
            for i, key in ipairs(KEYS) do
              local at = (i - 1) * 4
              local all, one = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
              local full = math.max(now, tonumber(redis.call('GET', key) or '0'))
              full = math.max(now, math.min(now + all, full + ARGV[at + 3] * one))
              local after = full + ARGV[at + 4] * one
              local granted = after <= now + all + 1
              if granted then full = after end
              if full > now then
                redis.call('SET', key, string.format('%.0f', full),
                    'PX', string.format('%.0f', math.ceil((full - now) / 1000)))
              else redis.call('DEL', key) end
              answer[#answer + 1] = granted and 1 or 0
              answer[#answer + 1] = math.ceil(full - now)
            end
            return answer
            """
                    .getBytes(UTF_8);

    /**
     * A hash of what each replica holds, wants, until when, and since when it has waited with none.
     * The arguments of each key: the replica, held, wanted, the most of all, the lifetime in
     * milliseconds, how many of its places are in use.
     *
     * <p>A replica that others wait for may have its share; one that has none goes before one that
     * has some, and among those that have none the one that has waited longest goes first. A wish
     * of one that has none is forgotten soon: it is repeated several times a second, and holds up
     * those behind it. Where all have too many, each keeps its share.
     */
    private static final byte[] HOLD =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local answer = {}
            for k, key in ipairs(KEYS) do
              local at = (k - 1) * 6
              local me = ARGV[at + 1]
              local held, wanted = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
              local most, lifetime = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
              local others, replicas, before, hungry = 0, 1, 0, false
              local since, waiting = now, {}
              local all = redis.call('HGETALL', key)
              for i = 1, #all, 2 do
                local it = all[i]
                local h, w, e, s = string.match(all[i + 1], '(%d+) (%d+) (%d+) (%d+)')
                h, w, e, s = tonumber(h), tonumber(w), tonumber(e), tonumber(s)
                if e == nil or e <= now then redis.call('HDEL', key, it)
                elseif it == me then
                  if h == 0 then since = s end
                else
                  others, replicas = others + h, replicas + 1
                  if it < me then before = before + 1 end
                  hungry = hungry or w > h
                  if h == 0 then waiting[#waiting + 1] = {s, it} end
                end
              end
              local room = math.max(0, most - others)
              local least = math.floor(most / replicas)
              local may = room
              if hungry then
                local share = #waiting > 0 and least or math.ceil(most / replicas)
                may = math.min(room, share, math.max(1, tonumber(ARGV[at + 6])))
              end
              if held == 0 then
                local ahead = 0
                for _, w in ipairs(waiting) do
                  if w[1] < since or (w[1] == since and w[2] < me) then ahead = ahead + 1 end
                end
                may = room > ahead and math.max(1, may) or 0
              elseif held + others > most then
                local fair = least + (before < most % replicas and 1 or 0)
                may = math.max(may, math.min(held, fair))
              end
              local granted = math.max(held, math.min(wanted, may))
              if granted == 0 and wanted == 0 then redis.call('HDEL', key, me)
              else
                if granted == 0 then lifetime = math.min(lifetime, 3000) end
                redis.call('HSET', key, me,
                    string.format('%d %d %.0f %.0f', granted, wanted, now + lifetime, since))
                redis.call('PEXPIRE', key, math.max(60000, lifetime))
              end
              answer[#answer + 1] = granted
              answer[#answer + 1] = may
            end
            return answer
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
     * @param losses how often it had been lost before
     */
    private record Durability(boolean durable, long at, long losses) {}

    private volatile @Nullable Durability durability;

    /** How often the store was lost: what is there afterwards may be another one. */
    private final AtomicLong losses = new AtomicLong();

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
    public boolean hasAny(SharedArea area, Collection<String> keys) {
        try {
            var names = keys.stream().map(key -> name(area, key)).toArray(byte[][]::new);
            Long found = asked(area, commands -> commands.exists(names));
            return found != null && found > 0;
        } catch (SharedStateUnavailable e) {
            if (area.mirrored()) {
                return mirror.hasAny(area, keys);
            }
            if (area.maybeMissed()) {
                return false;
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
        return done != null && done == 1;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public @Nullable List<Spent> spend(List<Spending> spendings) {
        var names = spendings.stream().map(it -> name(BUDGETS, it.key())).toArray(byte[][]::new);
        var arguments =
                spendings.stream()
                        .flatMap(it -> {
                            double all = it.refill().toNanos() / 1_000.0;
                            return Stream.of(
                                    String.format(Locale.ROOT, "%.0f", all),
                                    String.format(Locale.ROOT, "%.3f", all / it.capacity()),
                                    Long.toString(it.spent()),
                                    Long.toString(it.wanted()));
                        })
                        .map(it -> it.getBytes(UTF_8))
                        .toArray(byte[][]::new);
        var answer = evaluated(BUDGETS, SPEND, names, arguments);
        if (answer == null) {
            return null;
        }
        var spent = new ArrayList<Spent>();
        for (int i = 0; i < answer.size(); i += 2) {
            spent.add(
                    new Spent(
                            answer.get(i) == 1, Duration.of(answer.get(i + 1), ChronoUnit.MICROS)));
        }
        return spent;
    }

    @Override
    public @Nullable List<Places> hold(List<Holding> holdings) {
        var names = holdings.stream().map(it -> name(CONNECTIONS, it.key())).toArray(byte[][]::new);
        var arguments =
                holdings.stream()
                        .flatMap(it ->
                                Stream.of(
                                        it.holder(),
                                        it.held(),
                                        it.wanted(),
                                        it.most(),
                                        life(it.lifetime()),
                                        it.busy()))
                        .map(argument -> argument.toString().getBytes(UTF_8))
                        .toArray(byte[][]::new);
        var answer = evaluated(CONNECTIONS, HOLD, names, arguments);
        if (answer == null) {
            return null;
        }
        var places = new ArrayList<Places>();
        for (int i = 0; i < answer.size(); i += 2) {
            places.add(new Places(answer.get(i).intValue(), answer.get(i + 1).intValue()));
        }
        return places;
    }

    /** Null where the store does not answer. */
    private @Nullable List<Long> evaluated(
            SharedArea area, byte[] script, byte[][] names, byte[][] arguments) {
        try {
            return asked(
                    area,
                    commands -> commands.eval(script, ScriptOutputType.MULTI, names, arguments));
        } catch (SharedStateUnavailable _) {
            return null;
        }
    }

    /**
     * Whether the store has an append-only file, as it said a minute ago at most and has not been
     * lost since.
     */
    @Override
    public boolean durable() {
        var known = durability;
        long now = nanoTime.getAsLong();
        if (known != null
                && known.losses() == losses.get()
                && now - known.at() < DURABILITY_KNOWN.toNanos()) {
            return known.durable();
        }
        try {
            var said =
                    Objects.requireNonNull(
                            asked(
                                    SharedArea.GRANTS,
                                    commands -> {
                                        long before = losses.get();
                                        boolean durable =
                                                commands.info("persistence")
                                                        .contains("aof_enabled:1");
                                        return new Durability(durable, now, before);
                                    }));
            durability = said;
            return said.durable();
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
        losses.incrementAndGet();
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
            open.addListener(new Losses());
            losses.incrementAndGet(); // before there was a listener
            connection = open;
            return open;
        } catch (RedisException e) {
            failed(e);
            return null;
        }
    }

    /** Lettuce connects again by itself, and then no command fails. */
    private final class Losses implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
            losses.incrementAndGet();
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
