package postern.oauth;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whose mailboxes a client opens without the users, with the client credentials grant (RFC 6749
 * §4.4). Nobody's, where the operator has not named apps and domains.
 *
 * @param domains in lower case
 * @param apps the apps that may ask for it, by the names of their keys
 * @param scopes what the client asks for
 */
public record AppOnly(Set<String> domains, Set<String> apps, List<String> scopes) {

    static final AppOnly NONE = new AppOnly(Set.of(), Set.of(), List.of());

    /**
     * An address in which every program sees the same domain: without quotes, comments, {@code %}
     * and a second {@code @}.
     */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9.-]{1,253})");

    boolean none() {
        return domains.isEmpty();
    }

    /** Whether this app may open the mailbox of this user. */
    public boolean permits(String app, String user) {
        return apps.contains(app) && permits(user);
    }

    boolean permits(String user) {
        var address = ADDRESS.matcher(user);
        return address.matches() && domains.contains(address.group(1).toLowerCase(Locale.ROOT));
    }
}
