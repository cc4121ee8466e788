package postern.subscription;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;
import postern.account.AllowedServers;
import postern.account.Session;
import postern.account.SessionRefused;
import postern.account.SessionTokens;
import postern.imap.watch.MailboxWatches;
import postern.mailbox.directory.MailboxResolver;
import postern.subscription.SubscriptionStore.Stored;
import postern.webhook.DeliveryOutcome;
import postern.webhook.Webhooks;
import tools.jackson.databind.json.JsonMapper;

/** What all watchers of subscriptions share. */
@Component
class SubscriptionTools {

    final SubscriptionStore store;
    final ProgressStore progress;
    final MailboxLook mailboxLook;
    final AccountLook accountLook;
    final MailboxWatches watches;
    final MailboxResolver mailboxes;
    final SubscriptionProperties properties;
    final Timer lag;
    private final Webhooks webhooks;
    private final SessionTokens tokens;
    private final AllowedServers servers;
    private final JsonMapper json;
    private final InstantSource clock = InstantSource.system();

    SubscriptionTools(
            SubscriptionStore store,
            ProgressStore progress,
            MailboxLook mailboxLook,
            AccountLook accountLook,
            MailboxWatches watches,
            MailboxResolver mailboxes,
            SubscriptionProperties properties,
            Webhooks webhooks,
            SessionTokens tokens,
            AllowedServers servers,
            JsonMapper json,
            MeterRegistry meters) {
        this.store = store;
        this.progress = progress;
        this.mailboxLook = mailboxLook;
        this.accountLook = accountLook;
        this.watches = watches;
        this.mailboxes = mailboxes;
        this.properties = properties;
        this.webhooks = webhooks;
        this.tokens = tokens;
        this.servers = servers;
        this.json = json;
        this.lag =
                Timer.builder("postern.subscription.lag")
                        .description(
                                "Time from the hint of the mail server to the answer of the receiver.")
                        .register(meters);
    }

    Instant now() {
        return clock.instant();
    }

    DeliveryOutcome deliver(SubscriptionContent content, Delivery delivery) {
        return webhooks.deliver(
                content.url(),
                delivery.id(),
                json.writeValueAsBytes(delivery),
                content.signing(now()));
    }

    /**
     * False where the narrowed token that subscribed has ended, or the operator does not permit the
     * mail server any more.
     */
    boolean permitted(Stored stored) {
        var subscriber = stored.content().subscriber();
        if (!servers.allows(stored.account().server())) {
            return false;
        }
        if (subscriber == null || !subscriber.narrowed()) {
            return true;
        }
        try {
            tokens.requireValid(
                    new Session(
                            subscriber.id(),
                            stored.account(),
                            subscriber.issuedAt(),
                            subscriber.expiresAt(),
                            subscriber.within()));
            return true;
        } catch (SessionRefused _) {
            return false;
        }
    }
}
