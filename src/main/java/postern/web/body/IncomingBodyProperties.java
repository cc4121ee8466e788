package postern.web.body;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How many requests may be in the middle of their bodies, and how slowly a body may come.
 *
 * @param maxUnfinished The most requests of which the body has not come to its end; beyond it 503
 *     {@code uploads-full}, before the body is read. When it is not set, one for each MB of the
 *     heap, but at least 100. Unit: requests. Interplay: a JSON body counts as one more request for
 *     each 128 KB of it, until it has been answered, but never as more than half of the limit of
 *     its account or client.
 * @param maxUnfinishedPerAccount The most such requests of one account; beyond it 429 {@code
 *     too-many-requests}. Unit: requests. Interplay: less than {@code max-unfinished}, so that
 *     others are served.
 * @param maxUnfinishedPerClient The most such requests of one client address without a session, and
 *     with no password that the mail server has accepted since the gateway was started; beyond it
 *     429 {@code too-many-requests}. When it is not set, half of {@code max-unfinished}. Unit:
 *     requests. Interplay: behind a proxy, {@code server.forward-headers-strategy} decides whose
 *     address counts.
 * @param slowest The average speed at which a body must come while the gateway waits for it; a
 *     slower request is answered 408 {@code request-too-slow}. Unit: bytes per second. Interplay: a
 *     client may fall behind by {@code grace}.
 * @param grace How long a client may send nothing, or how far it may fall behind {@code slowest}.
 *     Unit: time. Interplay: Jetty ends a connection that is silent for 30 s ({@code
 *     server.jetty.connection-idle-timeout}).
 */
@ConfigurationProperties("postern.body")
record IncomingBodyProperties(
        @Nullable Integer maxUnfinished,
        @DefaultValue("50") int maxUnfinishedPerAccount,
        @Nullable Integer maxUnfinishedPerClient,
        @DefaultValue("2KB") DataSize slowest,
        @DefaultValue("20s") Duration grace) {

    private static final int FEWEST = 100;

    IncomingBodyProperties {
        requirePositive(inAll(maxUnfinished), "max-unfinished");
        requirePositive(maxUnfinishedPerAccount, "max-unfinished-per-account");
        requirePositive(
                perClient(maxUnfinished, maxUnfinishedPerClient), "max-unfinished-per-client");
        requirePositive(slowest.toBytes(), "slowest");
        requirePositive(grace.toMillis(), "grace");
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("postern.body." + name + " must be positive");
        }
    }

    int inAll() {
        return inAll(maxUnfinished);
    }

    int perClient() {
        return perClient(maxUnfinished, maxUnfinishedPerClient);
    }

    Pace pace() {
        return new Pace(slowest.toBytes(), grace);
    }

    private static int inAll(@Nullable Integer given) {
        return given == null
                ? (int) Math.max(FEWEST, Runtime.getRuntime().maxMemory() >> 20)
                : given;
    }

    private static int perClient(@Nullable Integer inAll, @Nullable Integer given) {
        return given == null ? Math.max(1, inAll(inAll) / 2) : given;
    }
}
