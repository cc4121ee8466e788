package postern.subscription;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Session;
import postern.message.metadata.MessageField;
import postern.search.SearchFilter;
import postern.web.id.MailboxId;
import postern.webhook.SigningSecret;

/**
 * What an app has subscribed to. Only requests of apps change it.
 *
 * @param mailboxIds empty for the whole account
 * @param renewedAt when it was subscribed to or renewed the last time
 * @param wantedUntil what the app asked for; the credential may end before
 * @param secrets the present one first
 * @param generation grows when it is renewed, resumed or led to another URL: a pause is one of a
 *     generation
 * @param subscriber the session in which it began; null where there was none
 * @param lender the session that the present credential is from
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record SubscriptionContent(
        String url,
        List<MailboxId> mailboxIds,
        Set<EventType> events,
        Set<MessageField> fields,
        @Nullable SearchFilter filter,
        Instant createdAt,
        Instant renewedAt,
        Instant wantedUntil,
        Instant expiresAt,
        List<Secret> secrets,
        long generation,
        @Nullable Subscriber subscriber,
        @Nullable Subscriber lender) {

    /**
     * A secret.
     *
     * @param until null for the present one
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Secret(String secret, @Nullable Instant until) {

        @Override
        public String toString() {
            return "Secret[]";
        }
    }

    /**
     * The session of who subscribed.
     *
     * @param within as in the session; a narrowed one has some
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Subscriber(String id, Instant issuedAt, Instant expiresAt, List<String> within) {

        static @Nullable Subscriber of(@Nullable Session session) {
            return session == null
                    ? null
                    : new Subscriber(
                            session.id(),
                            session.issuedAt(),
                            session.expiresAt(),
                            session.within());
        }

        @JsonIgnore
        boolean narrowed() {
            return !within.isEmpty();
        }
    }

    @JsonIgnore
    boolean ofAccount() {
        return mailboxIds.isEmpty();
    }

    List<SigningSecret> signing(Instant now) {
        return secrets.stream()
                .filter(it -> it.until() == null || now.isBefore(it.until()))
                .map(it -> new SigningSecret(it.secret()))
                .toList();
    }

    /** When to tell that it ends. */
    Instant expiringAt(Duration before) {
        var quarter = Duration.between(renewedAt, expiresAt).dividedBy(4);
        return expiresAt.minus(before.compareTo(quarter) < 0 ? before : quarter);
    }

    SubscriptionContent at(String otherUrl) {
        return with(otherUrl, renewedAt, wantedUntil, expiresAt, secrets, generation + 1, lender);
    }

    SubscriptionContent resumed(Instant end, @Nullable Subscriber by) {
        return with(url, renewedAt, wantedUntil, end, secrets, generation + 1, by);
    }

    SubscriptionContent renewed(Instant now, Instant wanted, Instant end, @Nullable Subscriber by) {
        return with(url, now, wanted, end, secrets, generation + 1, by);
    }

    /** Deliveries are signed with the one before as well for some time. */
    SubscriptionContent rotated(SigningSecret next, Instant oldUntil) {
        var rotated = new ArrayList<Secret>();
        rotated.add(new Secret(next.text(), null));
        rotated.add(new Secret(secrets.getFirst().secret(), oldUntil));
        return with(url, renewedAt, wantedUntil, expiresAt, rotated, generation, lender);
    }

    private SubscriptionContent with(
            String otherUrl,
            Instant renewed,
            Instant wanted,
            Instant end,
            List<Secret> otherSecrets,
            long nextGeneration,
            @Nullable Subscriber nextLender) {
        return new SubscriptionContent(
                otherUrl,
                mailboxIds,
                events,
                fields,
                filter,
                createdAt,
                renewed,
                wanted,
                end,
                otherSecrets,
                nextGeneration,
                subscriber,
                nextLender);
    }

    /** The URL, the filter and the secrets are the app's own. */
    @Override
    public String toString() {
        return "SubscriptionContent[expiresAt=%s]".formatted(expiresAt);
    }
}
