package postern.subscription;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.OAuthGrant;
import postern.account.Session;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.mailbox.directory.MailboxResolver;
import postern.message.sync.MailboxStates;
import postern.search.Criteria;
import postern.shared.SharedStateUnavailable;
import postern.subscription.HintedMailboxes.Where;
import postern.subscription.Progress.Told;
import postern.subscription.SubscriptionContent.Secret;
import postern.subscription.SubscriptionContent.Subscriber;
import postern.subscription.SubscriptionStore.Stored;
import postern.web.Caller;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.problem.TooManyRequests;
import postern.webhook.SigningSecret;
import postern.webhook.Webhooks;

/** Makes, shows, changes and ends the subscriptions of who is asking. */
@Component
public class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_OCTETS = 16;
    private static final Duration SOON = Duration.ofSeconds(5);

    /** How long what is being made is kept, in case that this process ends meanwhile. */
    private static final Duration UNLISTED = Duration.ofMinutes(5);

    /** Clocks differ, and a request takes time. */
    private static final Duration SPARE = Duration.ofMinutes(5);

    private final SubscriptionTools tools;
    private final SubscriptionIndex index;
    private final SubscriptionWatches watches;
    private final KeptGrants grants;
    private final Webhooks webhooks;
    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final MailboxStates states;
    private final SubscriptionProperties properties;
    private final InstantSource clock = InstantSource.system();

    Subscriptions(
            SubscriptionTools tools,
            SubscriptionIndex index,
            SubscriptionWatches watches,
            KeptGrants grants,
            Webhooks webhooks,
            ImapConnections connections,
            MailboxResolver mailboxes,
            MailboxStates states,
            SubscriptionProperties properties) {
        this.tools = tools;
        this.index = index;
        this.watches = watches;
        this.grants = grants;
        this.webhooks = webhooks;
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.states = states;
        this.properties = properties;
    }

    Subscription create(Caller caller, SubscriptionRequest request) {
        SubscriptionChecks.require(request);
        requireUrl(request.url());
        var wanted = wanted(request.until());
        var account = caller.account();
        prove(account, request);
        var owner = SubscriptionIndex.owner(account);
        requireRoom(owner);
        var told = told(account, request.mailboxIds());
        var secret = SigningSecret.random();
        var id = "sub_" + random();
        var now = now();
        var content =
                new SubscriptionContent(
                        request.url(),
                        List.copyOf(told.keySet()),
                        EnumSet.copyOf(request.events()),
                        request.fields() == null ? Set.of() : Set.copyOf(request.fields()),
                        request.filter(),
                        now,
                        now,
                        wanted,
                        end(account, caller.session(), wanted, Subscriber.of(caller.session())),
                        List.of(new Secret(secret.text(), null)),
                        0,
                        Subscriber.of(caller.session()),
                        Subscriber.of(caller.session()));
        if (!now.isBefore(content.expiresAt())) {
            throw InvalidRequest.at("/until", "is after the end of the credential, which is now");
        }
        var begun = begun(id, content, account, told);
        verify(id, content);
        try {
            keep(id, content, account, begun);
            if (!index.add(owner, id, properties.perAccount())) {
                takeBack(owner, id);
                throw tooMany();
            }
            tools.progress.extend(id, content.expiresAt());
            if (tools.store.extend(id, content.expiresAt())) {
                grants.keep(account, content.expiresAt());
            }
        } catch (SharedStateUnavailable away) {
            takeBack(owner, id);
            throw away;
        }
        watches.changed(owner);
        return answer(required(caller, id), secret);
    }

    /**
     * The client is told that there is no such subscription. Where the store cannot be reached for
     * this either, it is listed, so that it is watched for and can be ended, or what is left ends
     * after {@link #UNLISTED}.
     */
    private void takeBack(String owner, String id) {
        try {
            tools.store.remove(id);
            index.remove(owner, id);
            tools.progress.remove(id);
        } catch (SharedStateUnavailable _) {
            log.debug("a subscription cannot be taken back: the store is away");
        }
    }

    /** What is told is what changes from now on. */
    private Progress begun(
            String id, SubscriptionContent content, Account account, Map<MailboxId, Told> told) {
        var states = new LinkedHashMap<String, Told>();
        told.forEach((mailbox, state) -> states.put(mailbox.text(), state));
        var progress = Progress.of(states, content.ofAccount());
        return content.ofAccount()
                ? tools.accountLook
                        .next(Stored.unkept(id, content, account), progress, Where.EVERYWHERE)
                        .batch()
                        .next()
                : progress;
    }

    /** For a short time: only when it is listed it cannot be forgotten. */
    private void keep(String id, SubscriptionContent content, Account account, Progress progress) {
        var end = clock.instant().plus(UNLISTED);
        try {
            tools.store.put(id, content, account, end);
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at("/filter", "is too large to be kept beside the credential");
        }
        tools.progress.begin(id, progress, end);
    }

    List<Subscription> all(Caller caller) {
        prove(caller.account());
        index.requireListed(SubscriptionIndex.owner(caller.account()));
        return visible(caller).map(stored -> answer(stored, null)).toList();
    }

    Subscription get(Caller caller, String id) {
        prove(caller.account());
        return answer(required(caller, id), null);
    }

    Subscription update(Caller caller, String id, SubscriptionUpdate update) {
        if (update.url() != null) {
            requireUrl(update.url());
        }
        var wanted = update.until() == null ? null : wanted(update.until());
        prove(caller.account());
        var before = required(caller, id);
        if (update.url() != null) {
            verify(id, before.content().at(update.url()));
        }
        var secret = update.rotates() ? SigningSecret.random() : null;
        var owner = SubscriptionIndex.owner(caller.account());
        var after = changed(caller, before, update, wanted, secret);
        // First, so that a renewed one is never without them.
        index.touch(owner);
        keepProgress(before, after);
        while (!replaced(before, after)) {
            before = required(caller, id);
            after = changed(caller, before, update, wanted, secret);
            keepProgress(before, after);
        }
        if (!after.account().credential().equals(before.account().credential())) {
            grants.release(before);
        }
        watches.changed(owner);
        return answer(required(caller, id), secret);
    }

    private void keepProgress(Stored before, Changed after) {
        var end = before.content().expiresAt();
        var next = after.content().expiresAt();
        tools.progress.extend(before.id(), next.isAfter(end) ? next : end);
    }

    private record Changed(SubscriptionContent content, Account account) {}

    private Changed changed(
            Caller caller,
            Stored before,
            SubscriptionUpdate update,
            @Nullable Instant wanted,
            @Nullable SigningSecret secret) {
        var content = before.content();
        var account = before.account();
        // Also for another URL: a user name beside a token proves less than the mail that it opens.
        if (wanted != null || update.resumes() || update.url() != null) {
            account = account.with(caller.account().credential());
            var until = wanted == null ? content.wantedUntil() : wanted;
            var end = end(account, caller.session(), until, content.subscriber());
            var lender = Subscriber.of(caller.session());
            content =
                    wanted == null
                            ? content.resumed(end, lender)
                            : content.renewed(now(), wanted, end, lender);
            grants.keep(account, end);
        }
        if (update.url() != null) {
            content = content.at(update.url());
        }
        if (secret != null) {
            content = content.rotated(secret, now().plus(properties.oldSecret()));
        }
        return new Changed(content, account);
    }

    private boolean replaced(Stored before, Changed after) {
        try {
            return tools.store.replace(before, after.content(), after.account());
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at("/url", "is too long to be kept beside the credential");
        }
    }

    void delete(Caller caller, String id) {
        prove(caller.account());
        end(caller.account(), required(caller, id));
    }

    /** How many the caller may see. The credential is not checked here. */
    public int count(Caller caller) {
        return Math.toIntExact(visible(caller).count());
    }

    /** Ends all that the caller may see, when its session ends. */
    public void endAll(Caller caller) {
        visible(caller).toList().forEach(stored -> end(caller.account(), stored));
    }

    /** Whether a subscription still looks with this grant after a logout. */
    public boolean use(Account account, OAuthGrant grant) {
        return grants.uses(account, grant);
    }

    private void end(Account account, Stored stored) {
        var owner = SubscriptionIndex.owner(account);
        tools.store.remove(stored.id());
        index.remove(owner, stored.id());
        tools.progress.remove(stored.id());
        grants.release(stored);
        watches.changed(owner);
    }

    private Stream<Stored> visible(Caller caller) {
        return index.ids(SubscriptionIndex.owner(caller.account())).stream()
                .map(tools.store::find)
                .filter(Objects::nonNull)
                .filter(stored -> visible(caller.session(), stored));
    }

    /** A narrowed token sees what it, or a token that was narrowed from it, has subscribed to. */
    private static boolean visible(@Nullable Session session, Stored stored) {
        if (session == null || !session.narrowed()) {
            return true;
        }
        var subscriber = stored.content().subscriber();
        return subscriber != null
                && (subscriber.id().equals(session.id())
                        || subscriber.within().contains(session.id()));
    }

    private Stored required(Caller caller, String id) {
        var stored =
                index.ids(SubscriptionIndex.owner(caller.account())).contains(id)
                        ? tools.store.find(id)
                        : null;
        if (stored == null || !visible(caller.session(), stored)) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND, "there is no such subscription, or it has ended");
        }
        return stored;
    }

    private Subscription answer(Stored stored, @Nullable SigningSecret secret) {
        return Subscription.of(
                stored,
                tools.progress.look(stored.id()),
                tools.store.durable(),
                secret == null ? null : secret.text());
    }

    private void requireRoom(String owner) {
        if (index.ids(owner).size() >= properties.perAccount()) {
            throw tooMany();
        }
        if (index.inAll() >= properties.most()) {
            throw new TooManyRequests(
                    ProblemCode.SUBSCRIPTIONS_FULL, "there are too many subscriptions", SOON);
        }
    }

    private ProblemException tooMany() {
        return new ProblemException(
                ProblemCode.TOO_MANY_SUBSCRIPTIONS,
                "this account has %d subscriptions; end one first"
                        .formatted(properties.perAccount()));
    }

    private void requireUrl(String url) {
        try {
            webhooks.endpoint(url);
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.at("/url", String.valueOf(e.getMessage()));
        }
    }

    /** The first delivery. What the network behind a URL is like, is not told. */
    private void verify(String id, SubscriptionContent content) {
        var event =
                DeliveredEvent.ofSubscription(
                        DeliveredEventType.SUBSCRIPTION_VERIFIED,
                        content.expiresAt(),
                        null,
                        id + random());
        var outcome = tools.deliver(content, new Delivery(id, List.of(event), List.of()));
        switch (outcome.kind()) {
            case DELIVERED -> {
                // as it should be
            }
            case GONE, REFUSED ->
                    throw refused(
                            "the URL answers %d and not with 2xx".formatted(outcome.status()));
            case UNREACHABLE ->
                    throw refused("the URL does not answer in time, or not at a public address");
            case BUSY ->
                    throw new TooManyRequests(
                            ProblemCode.SUBSCRIPTIONS_FULL,
                            "too many deliveries are on their way",
                            SOON);
        }
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemCode.WEBHOOK_REFUSED, detail);
    }

    private Instant wanted(@Nullable Instant until) {
        var latest = now().plus(properties.longest());
        if (until == null) {
            return latest;
        }
        var end = until.truncatedTo(ChronoUnit.SECONDS);
        if (!now().isBefore(end)) {
            throw InvalidRequest.at("/until", "is in the past");
        }
        if (end.isAfter(latest.plus(SPARE))) {
            throw InvalidRequest.at(
                    "/until", "must be within %d hours".formatted(properties.longest().toHours()));
        }
        return end;
    }

    private Instant end(
            Account account,
            @Nullable Session session,
            Instant wanted,
            @Nullable Subscriber subscriber) {
        var end = grants.end(account, session, wanted);
        return subscriber != null && subscriber.narrowed() && subscriber.expiresAt().isBefore(end)
                ? subscriber.expiresAt()
                : end;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** By a login, or by a connection that was opened with the same credential. */
    private void prove(Account account) {
        connections.borrow(account, Lane.INTERACTIVE).close();
    }

    private void prove(Account account, SubscriptionRequest request) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            Criteria.of(request.filter(), "/filter").requirePossible(connection.capabilities());
        }
    }

    private Map<MailboxId, Told> told(Account account, @Nullable List<MailboxId> ids) {
        var told = new LinkedHashMap<MailboxId, Told>();
        for (var id : ids == null ? List.<MailboxId>of() : ids) {
            var name = mailboxes.resolve(account, id);
            told.put(MailboxId.of(name), Told.at(states.now(account, name)));
        }
        return told;
    }

    private static String random() {
        var octets = new byte[ID_OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
