package postern.imap.watch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.OwnChanges;
import postern.provider.MailServers;

/** The watches of all accounts to which somebody listens, or has listened a moment ago. */
@Component
public final class MailboxWatches implements SmartLifecycle {

    private final ImapConnections connections;
    private final WatchProperties properties;
    private final MailServers servers;
    private final Map<AccountKey, AccountWatch> watches = new ConcurrentHashMap<>();
    private volatile boolean running;

    MailboxWatches(
            ImapConnections connections,
            WatchProperties properties,
            MailServers servers,
            OwnChanges changes,
            MeterRegistry meters) {
        this.connections = connections;
        this.properties = properties;
        this.servers = servers;
        changes.addListener(new OfThisProcess());
        Gauge.builder("postern.watch.accounts", watches, Map::size)
                .description("Logins of which mailboxes are watched.")
                .register(meters);
        Gauge.builder("postern.watch.listeners", this, MailboxWatches::listeners)
                .description("Listeners for changes of watched mailboxes.")
                .register(meters);
    }

    /**
     * Begins to listen. The hint comes, on any thread, whenever something may have changed in a
     * mailbox; it must be quick. Changes from before this call may be hinted at or not. The caller
     * proves the credential by a login of its own.
     */
    public Listening listen(
            Account account, Collection<MailboxName> mailboxes, Consumer<MailboxName> hint) {
        mailboxes.forEach(mailbox -> ImapException.OutOfScope.require(account, mailbox));
        return listen(Listening.to(account, List.copyOf(mailboxes), hint));
    }

    /** Begins to listen to all mailboxes that the token reaches, as {@link #listen}. */
    public Listening listenToEverything(Account account, AccountHints hints) {
        return listen(Listening.toEverything(account, hints));
    }

    private Listening listen(Listening listening) {
        var key = AccountKey.of(listening.account());
        watches.compute(
                key,
                (_, watch) ->
                        watch != null && watch.add(listening) ? watch : start(key, listening));
        return listening;
    }

    private AccountWatch start(AccountKey key, Listening first) {
        var watch = new AccountWatch(connections, properties, renew(key.server()));
        watch.add(first);
        if (!running) {
            watch.end();
        }
        Thread.ofVirtual()
                .name("imap-watch")
                .start(() -> {
                    try {
                        watch.run();
                    } finally {
                        watches.remove(key, watch);
                    }
                });
        return watch;
    }

    /** Tells of changes of this process before the mail server does, or where it does not. */
    private final class OfThisProcess implements OwnChanges.Listener {

        @Override
        public void messagesChanged(Account account, MailboxName mailbox) {
            var watch = watches.get(AccountKey.of(account));
            if (watch != null) {
                watch.messagesChanged(mailbox);
            }
        }

        @Override
        public void mailboxChanged(
                Account account, @Nullable MailboxName from, @Nullable MailboxName to) {
            var watch = watches.get(AccountKey.of(account));
            if (watch != null) {
                watch.mailboxChanged(
                        from == null || to == null ? null : new RenamedMailbox(from, to));
            }
        }

        @Override
        public void listed(Account account, List<MailboxName> mailboxes) {
            var watch = watches.get(AccountKey.of(account));
            if (watch != null) {
                watch.listed(account, mailboxes);
            }
        }
    }

    private Duration renew(ImapServer server) {
        return servers.longestSession(server)
                .map(longest -> longest.multipliedBy(8).dividedBy(10))
                .filter(longest -> longest.compareTo(properties.renew()) < 0)
                .orElse(properties.renew());
    }

    private int listeners() {
        return watches.values().stream().mapToInt(AccountWatch::listeners).sum();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        watches.values().forEach(AccountWatch::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the pool, which waits for all connections. */
    @Override
    public int getPhase() {
        return 1;
    }
}
