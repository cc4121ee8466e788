package postern.web.limit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.web.ClientAddress;
import postern.web.problem.ProblemCode;
import postern.web.problem.TooManyRequests;

/**
 * Bounds how many listen for changes at a time: of an account, from an address, and in all. When
 * the process ends all of them are told, since the web server waits for its requests.
 */
@Component
public final class ListenerPlaces implements SmartLifecycle {

    /** How often somebody who waits is asked whether the session has ended. */
    public static final Duration SESSION_CHECK = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ListenerProperties properties;
    private final Map<AccountKey, Integer> accounts = new HashMap<>();
    private final Map<String, Integer> clients = new HashMap<>();
    private final Set<Place> places = new LinkedHashSet<>();
    private boolean running;

    ListenerPlaces(ListenerProperties properties, MeterRegistry meters) {
        this.properties = properties;
        Gauge.builder("postern.listeners", this, ListenerPlaces::taken)
                .description("Requests that listen for changes.")
                .register(meters);
    }

    /** The place of a listener, until it is closed. */
    public final class Place implements AutoCloseable {

        private final AccountKey account;
        private final String client;
        private final Runnable ending;

        private Place(AccountKey account, String client, Runnable ending) {
            this.account = account;
            this.client = client;
            this.ending = ending;
        }

        @Override
        public void close() {
            free(this);
        }
    }

    /**
     * Throws TooManyRequests where there is none.
     *
     * @param ending runs on any thread when the process ends, and must be quick
     */
    public synchronized Place take(Account account, ClientAddress client, Runnable ending) {
        var key = AccountKey.of(account);
        var network = client.network();
        if (!running || places.size() >= properties.most()) {
            throw new TooManyRequests(
                    ProblemCode.LISTENERS_FULL, "too many listen for changes", SOON);
        }
        require(accounts.getOrDefault(key, 0), properties.perAccount(), "account");
        require(clients.getOrDefault(network, 0), properties.perClient(), "client");
        var place = new Place(key, network, ending);
        places.add(place);
        accounts.merge(key, 1, Integer::sum);
        clients.merge(network, 1, Integer::sum);
        return place;
    }

    private static void require(int taken, int most, String whose) {
        if (most > 0 && taken >= most) {
            throw new TooManyRequests(
                    "more than %d listeners for changes of this %s".formatted(most, whose), SOON);
        }
    }

    private synchronized void free(Place place) {
        if (places.remove(place)) {
            accounts.computeIfPresent(place.account, (_, n) -> n == 1 ? null : n - 1);
            clients.computeIfPresent(place.client, (_, n) -> n == 1 ? null : n - 1);
        }
    }

    public synchronized int taken() {
        return places.size();
    }

    @Override
    public synchronized void start() {
        running = true;
    }

    @Override
    public void stop() {
        List<Place> all;
        synchronized (this) {
            running = false;
            all = List.copyOf(places);
        }
        all.forEach(place -> place.ending.run());
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    /** Stops before the web server, which waits for requests to end, and after it was drained. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1;
    }
}
