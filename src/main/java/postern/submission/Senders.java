package postern.submission;

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

    /** The first of these addresses that is the user's own; null where none is. */
    @Nullable String own(Account account, List<String> emails) {
        for (var email : emails) {
            var address = email.toLowerCase(Locale.ROOT);
            if (address.indexOf('@') > 0
                    && users(account).stream().anyMatch(user -> belongs(user, address))) {
                return email;
            }
        }
        return null;
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
