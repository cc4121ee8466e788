package postern.submission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;

/** Decides as whom a user may send. */
@Component
final class Senders {

    private static final String ANYBODY = "*";

    private final Set<String> allowed;

    Senders(SubmissionPolicy policy) {
        this.allowed =
                policy.allowedFrom().stream()
                        .map(it -> it.strip().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
    }

    boolean allows(Account account, String email) {
        var address = email.toLowerCase(Locale.ROOT);
        var domain = address.substring(address.lastIndexOf('@'));
        return allowed.contains(ANYBODY)
                || allowed.contains(domain)
                || allowed.contains(address)
                || users(account).stream().anyMatch(user -> belongs(user, address));
    }

    /**
     * The user's address among those that a message was written to; null where none is, or where a
     * user name that is no address has several, of which only one can be the user's.
     *
     * @param groups of addresses, those that tell most first
     */
    @Nullable String writtenTo(Account account, List<List<String>> groups) {
        for (var group : groups) {
            var own =
                    group.stream()
                            .filter(email -> owns(account, email.toLowerCase(Locale.ROOT)))
                            .collect(
                                    Collectors.toMap(
                                            email -> email.toLowerCase(Locale.ROOT),
                                            email -> email,
                                            (first, _) -> first,
                                            LinkedHashMap::new));
            if (own.size() == 1) {
                return own.firstEntry().getValue();
            }
        }
        return null;
    }

    private static boolean owns(Account account, String address) {
        return address.indexOf('@') > 0
                && users(account).stream().anyMatch(user -> belongs(user, address));
    }

    /** A user who sends with a credential of another account sends as that one, too. */
    private static List<String> users(Account account) {
        var submission = account.submission();
        return submission == null
                ? List.of(account.user())
                : List.of(account.user(), submission.username());
    }

    private static boolean belongs(String user, String address) {
        var name = user.toLowerCase(Locale.ROOT);
        int at = address.lastIndexOf('@');
        var local = address.substring(0, at);
        int plus = local.indexOf('+');
        var untagged = plus > 0 ? local.substring(0, plus) : local;
        return name.contains("@")
                ? name.equals(address) || name.equals(untagged + address.substring(at))
                : name.equals(local) || name.equals(untagged);
    }
}
