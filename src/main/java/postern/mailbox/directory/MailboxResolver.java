package postern.mailbox.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.account.LoginHashes;
import postern.cache.MeasuredCache;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MailboxRoles;
import postern.web.id.MailboxId;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Resolves a mailbox id or role to a mailbox name. */
@Component
public final class MailboxResolver implements MeasuredCache {

    private static final Duration FRESH = Duration.ofMinutes(1);

    /** Approximate memory of an account besides its mailboxes: key, Caffeine's node. */
    private static final int OVERHEAD = 600;

    private final ImapConnections connections;
    private final LoginHashes logins;
    private final Cache<View, MailboxRoles> known;

    /**
     * An account as one token shows it.
     *
     * @param token its hash
     */
    private record View(AccountKey account, String token) {}

    MailboxResolver(ImapConnections connections, LoginHashes logins, MailboxProperties properties) {
        this.connections = connections;
        this.logins = logins;
        this.known =
                Caffeine.newBuilder()
                        .maximumWeight(properties.cacheSize().toBytes())
                        .weigher((View _, MailboxRoles roles) -> OVERHEAD + roles.octets())
                        .recordStats()
                        .expireAfterWrite(FRESH)
                        .build();
    }

    @Override
    public String cacheName() {
        return "mailbox-roles";
    }

    @Override
    public Cache<?, ?> cache() {
        return known;
    }

    /**
     * A role needs the mail server at most once a minute, and an id only where it is not remembered
     * which mailbox has it. Throws a 404 {@code mailbox-not-found} if no mailbox has the role, and
     * a 403 {@code mailbox-out-of-scope} if the token does not reach the mailbox, or none with the
     * role. The caller must not hold a connection of the account, since this may borrow one.
     */
    public MailboxName resolve(Account account, MailboxId id) {
        return switch (id) {
            case MailboxId.ByName(var mailbox) ->
                    reached(account, connections.locate(account, mailbox));
            case MailboxId.ByRole(var role) -> ofRole(account, role);
        };
    }

    /**
     * Like {@link #resolve}, for a mailbox that gets messages and is not opened: its name was true
     * at most a minute ago.
     */
    public MailboxName resolveDestination(Account account, MailboxId id) {
        return switch (id) {
            case MailboxId.ByName(var mailbox) ->
                    reached(account, connections.locate(account, mailbox, FRESH));
            case MailboxId.ByRole(var role) -> ofRole(account, role);
        };
    }

    /**
     * Like {@link #resolve}, for what must never concern another mailbox that has got the name,
     * such as who may read it: the mailboxes are listed now, unless the name itself is the id.
     */
    public MailboxName resolveNow(Account account, MailboxId id) {
        return switch (id) {
            case MailboxId.ByName(var mailbox) ->
                    reached(account, connections.locate(account, mailbox, Duration.ZERO));
            case MailboxId.ByRole(var role) ->
                    listed(account).mailbox(role).orElseThrow(() -> noneHas(account, role));
        };
    }

    private static MailboxName reached(Account account, MailboxName mailbox) {
        ImapException.OutOfScope.require(account, mailbox);
        return mailbox;
    }

    private MailboxName ofRole(Account account, MailboxRole role) {
        return known(account, role)
                .or(() -> listed(account).mailbox(role))
                .orElseThrow(() -> noneHas(account, role));
    }

    /**
     * The mailbox that had the role at most a minute ago and that the token reaches. The caller
     * must not hold a connection of the account, since this may borrow one.
     */
    public Optional<MailboxName> recent(Account account, MailboxRole role) {
        return recent(account).mailbox(role);
    }

    private MailboxRoles recent(Account account) {
        var roles = known.getIfPresent(view(account));
        return roles == null ? listed(account) : roles;
    }

    /**
     * The role of a mailbox, if it has one; asks the mail server at most once a minute. The caller
     * must not hold a connection of the account, since this may borrow one.
     */
    public Optional<MailboxRole> role(Account account, MailboxName mailbox) {
        return recent(account).role(mailbox);
    }

    /**
     * Must be called after mailboxes were created, renamed or deleted. They changed for every token
     * of the account.
     */
    public void forget(Account account) {
        var changed = AccountKey.of(account);
        known.asMap().keySet().removeIf(view -> view.account().equals(changed));
    }

    private View view(Account account) {
        return new View(AccountKey.of(account), logins.ofView(account));
    }

    public static RuntimeException noneHas(Account account, MailboxRole role) {
        return account.limits().reachesAll()
                ? noneHas(role)
                : new ImapException.OutOfScope(
                        "the token reaches no mailbox with the role " + role.id());
    }

    private static ProblemException noneHas(MailboxRole role) {
        return new ProblemException(
                ProblemCode.MAILBOX_NOT_FOUND,
                "no mailbox of this account has the role " + role.id());
    }

    private Optional<MailboxName> known(Account account, MailboxRole role) {
        return Optional.ofNullable(known.getIfPresent(view(account)))
                .flatMap(roles -> roles.mailbox(role));
    }

    /**
     * Does not load under the cache's lock: other accounts must not wait for this account's mail
     * server.
     */
    private MailboxRoles listed(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            var roles = MailboxRoles.of(connection.list(false));
            known.put(view(account), roles);
            return roles;
        }
    }
}
