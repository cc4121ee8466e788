package postern.identity;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.provider.MailServers;

/**
 * Decides as whom a user may send. What is told of it, what a reply is from, and what is refused
 * all come from the same list.
 */
@Component
public final class Identities {

    private static final Logger log = LoggerFactory.getLogger(Identities.class);

    private final List<Identity> configured;
    private final MailServers servers;

    Identities(SubmissionPolicy policy, MailServers servers) {
        this.configured =
                policy.allowedFrom().stream()
                        .flatMap(entry -> Stream.ofNullable(configured(entry)))
                        .toList();
        this.servers = servers;
    }

    private static @Nullable Identity configured(String entry) {
        var identity = Identity.configured(entry);
        if (identity == null) {
            log.warn("postern.submission.policy.allowed-from has an entry that is no address");
        }
        return identity;
    }

    /** The user's own first. */
    public List<Identity> of(Account account) {
        var identities = new LinkedHashSet<Identity>();
        for (var user : users(account)) {
            var own = Identity.own(user);
            if (own != null) {
                identities.add(own);
            } else if (!user.contains("@")) {
                domains(account).forEach(domain -> identities.add(Identity.own(user, domain)));
                identities.add(Identity.own(user, Identity.ANY));
            }
        }
        identities.addAll(configured);
        return List.copyOf(identities);
    }

    /** A user who sends with a credential of another account sends as that one, too. */
    private static List<String> users(Account account) {
        var submission = account.submission();
        return submission == null
                ? List.of(account.user())
                : List.of(account.user(), submission.username());
    }

    /** Those of the addresses that the provider hands out. */
    private List<String> domains(Account account) {
        return servers.at(account.server())
                .map(server -> server.provider().domains())
                .orElse(List.of());
    }

    public boolean allows(Account account, String email) {
        return of(account).stream().anyMatch(identity -> identity.matches(email));
    }

    /** Like {@link #allows}, without the addresses of whole domains. */
    public boolean own(Account account, String email) {
        return of(account).stream()
                .filter(identity -> !identity.local().equals(Identity.ANY))
                .anyMatch(identity -> identity.matches(email));
    }

    /** What a message is from that says nothing else; null where no single address is known. */
    public @Nullable Identity standard(Account account) {
        return of(account).stream().filter(Identity::single).findFirst().orElse(null);
    }

    /**
     * The user's address among those that a message was written to, as it was written; null where
     * none is.
     *
     * @param groups of addresses, those that tell most first
     */
    public @Nullable Identity writtenTo(Account account, List<List<String>> groups) {
        var identities = of(account);
        for (var group : groups) {
            var found =
                    identities.stream()
                            .filter(Identity::single)
                            .flatMap(identity -> named(identity, group))
                            .findFirst()
                            .or(() ->
                                    identities.stream()
                                            .filter(Identities::ofAnyDomain)
                                            .flatMap(identity -> onlyOne(identity, group))
                                            .findFirst());
            if (found.isPresent()) {
                return found.get();
            }
        }
        return null;
    }

    private static Stream<Identity> named(Identity identity, List<String> addresses) {
        return addresses.stream()
                .filter(identity::matches)
                .flatMap(address -> Stream.ofNullable(Identity.own(address)))
                .map(it -> new Identity(identity.name(), it.local(), it.domain(), false));
    }

    private static boolean ofAnyDomain(Identity identity) {
        return !identity.local().equals(Identity.ANY) && !identity.single();
    }

    /** Somebody else may have the same name in another domain. */
    private static Stream<Identity> onlyOne(Identity identity, List<String> addresses) {
        var found = new ArrayList<>(named(identity, addresses).toList());
        boolean same =
                found.stream().map(it -> it.address().toLowerCase(Locale.ROOT)).distinct().count()
                        == 1;
        return same ? Stream.of(found.getFirst()) : Stream.empty();
    }
}
