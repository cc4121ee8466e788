package postern.operator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;
import postern.imap.ImapException;
import postern.imap.ImapProbe;
import postern.imap.Outage;
import postern.provider.MailServer;
import postern.provider.MailServers;

/**
 * Whether the configured mail servers greet, at {@code /actuator/health/imap}. A gateway whose mail
 * server is away is neither dead nor unready: to restart it, or to send its requests elsewhere,
 * helps nobody. So the status is one that the health of the whole does not count.
 */
@Component("mailServersHealthIndicator")
final class MailServersHealth implements HealthIndicator {

    /** Unknown to Boot's order of statuses, and so left out where others are summed up. */
    static final Status UNREACHABLE = new Status("UNREACHABLE");

    /** However often somebody asks, each mail server is connected to once in that time. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    /** Of a probe, which then says what it has waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** For all of them; only a lookup of a name cannot be ended and takes longer than a probe. */
    private static final Duration LONGEST = PATIENCE.plusSeconds(1);

    private final MailServers servers;
    private final ImapProbe probe;
    private final LongSupplier nanoTime;
    private @Nullable Health last;
    private long asked;

    @Autowired
    MailServersHealth(MailServers servers, ImapProbe probe) {
        this(servers, probe, System::nanoTime);
    }

    MailServersHealth(MailServers servers, ImapProbe probe, LongSupplier nanoTime) {
        this.servers = servers;
        this.probe = probe;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Health health() {
        var known = last;
        if (known == null || nanoTime.getAsLong() - asked > KEPT.toNanos()) {
            known = ask();
            last = known;
            asked = nanoTime.getAsLong();
        }
        return known;
    }

    /** Nobody waits longer than a moment for servers that do not answer. */
    private Health ask() {
        var answers = new LinkedHashMap<String, FutureTask<String>>();
        servers.allowed()
                .filter(it -> it.source() == MailServer.Source.SERVER)
                .forEach(it -> answers.put(it.name(), new FutureTask<>(() -> ask(it))));
        answers.values().forEach(Thread::startVirtualThread);
        long until = System.nanoTime() + LONGEST.toNanos();
        var words = new LinkedHashMap<String, String>();
        answers.forEach((name, answer) -> words.put(name, word(answer, until)));
        boolean well = words.values().stream().allMatch("ok"::equals);
        return Health.status(well ? Status.UP : UNREACHABLE).withDetails(Map.copyOf(words)).build();
    }

    private static String word(FutureTask<String> answer, long until) {
        try {
            return answer.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return Outage.DNS.toString();
        } catch (ExecutionException _) {
            return "fault";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Outage.TIMEOUT.toString();
        }
    }

    /** A word, as in the log and in metrics. */
    private String ask(MailServer server) {
        try {
            probe.greet(server.imap(), PATIENCE);
            return "ok";
        } catch (ImapException e) {
            return e.word();
        }
    }
}
