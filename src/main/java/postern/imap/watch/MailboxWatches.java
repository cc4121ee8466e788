package postern.imap.watch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
    private final Map<AccountKey, Watched> accounts = new ConcurrentHashMap<>();
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
        Gauge.builder("postern.watch.accounts", this, it -> it.watches().count())
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

    /**
     * The watches of one account, each by whose mail it is as far as that is proven. A mail server
     * that ignores the user name beside an access token opens the mail of whom the token belongs
     * to; a watch of that tells nothing of the mail of the user with that name.
     *
     * @param byOwner by {@link Account#cacheOwner}
     */
    private record Watched(Map<String, AccountWatch> byOwner) {

        static final Watched NOTHING = new Watched(Map.of());

        Watched {
            byOwner = Map.copyOf(byOwner);
        }

        @Nullable AccountWatch of(String owner) {
            return byOwner.get(owner);
        }

        Watched with(String owner, AccountWatch watch) {
            var all = new HashMap<>(byOwner);
            all.put(owner, watch);
            return new Watched(all);
        }

        /** Null where nothing is left. */
        @Nullable Watched without(String owner, AccountWatch watch) {
            var all = new HashMap<>(byOwner);
            all.remove(owner, watch);
            return all.isEmpty() ? null : new Watched(all);
        }
    }

    private Listening listen(Listening listening) {
        var key = AccountKey.of(listening.account());
        var owner = listening.account().cacheOwner();
        accounts.compute(
                key,
                (_, before) -> {
                    var watched = before == null ? Watched.NOTHING : before;
                    var watch = watched.of(owner);
                    return watch != null && watch.add(listening)
                            ? watched
                            : watched.with(owner, start(key, owner, listening));
                });
        return listening;
    }

    private AccountWatch start(AccountKey key, String owner, Listening first) {
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
                        accounts.computeIfPresent(
                                key, (_, watched) -> watched.without(owner, watch));
                    }
                });
        return watch;
    }

    /**
     * Passes on the changes that this process makes, since the mail server reports them later or
     * not at all. All listeners of the account look for themselves, the one that made the change
     * too.
     */
    private final class OfThisProcess implements OwnChanges.Listener {

        @Override
        public void messagesChanged(Account account, MailboxName mailbox) {
            watches(account).forEach(watch -> watch.messagesChanged(mailbox));
        }

        @Override
        public void mailboxChanged(
                Account account, @Nullable MailboxName from, @Nullable MailboxName to) {
            var renamed = from == null || to == null ? null : new RenamedMailbox(from, to);
            watches(account).forEach(watch -> watch.mailboxChanged(renamed));
        }

        @Override
        public void listed(Account account, List<MailboxName> mailboxes) {
            watches(account).forEach(watch -> watch.listed(account, mailboxes));
        }
    }

    private Stream<AccountWatch> watches() {
        return accounts.values().stream().flatMap(it -> it.byOwner().values().stream());
    }

    private Collection<AccountWatch> watches(Account account) {
        return accounts.getOrDefault(AccountKey.of(account), Watched.NOTHING).byOwner().values();
    }

    private Duration renew(ImapServer server) {
        return servers.longestSession(server)
                .map(longest -> longest.multipliedBy(8).dividedBy(10))
                .filter(longest -> longest.compareTo(properties.renew()) < 0)
                .orElse(properties.renew());
    }

    private int listeners() {
        return watches().mapToInt(AccountWatch::listeners).sum();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        watches().forEach(AccountWatch::end);
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
