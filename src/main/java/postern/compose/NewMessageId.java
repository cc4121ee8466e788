package postern.compose;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import postern.account.Account;

/** Message-IDs for messages that have none, without angle brackets (RFC 5322 §3.6.4). */
public final class NewMessageId {

    /** A reserved domain (RFC 2606 §2), so that Message-IDs do not disclose the host name. */
    public static final String NO_DOMAIN = "postern.invalid";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OCTETS = 18;

    private NewMessageId() {}

    /** Makes one for a message that is composed. */
    @FunctionalInterface
    public interface Maker {

        /**
         * @param from the domain of the first address in From; null where there is none
         */
        String with(@Nullable String from);
    }

    /** A new one for each message. */
    static Maker random(Account account) {
        return from -> random(from == null ? domain(account) : from);
    }

    /**
     * The same one for the same message, which has the name before the @. The domain of From is
     * taken only where the user name has none: another message with the name is then recognised
     * whatever it is from.
     */
    public static Maker named(String name, Account account) {
        return from -> {
            var domain = domain(account);
            return name + "@" + (domain.equals(NO_DOMAIN) && from != null ? from : domain);
        };
    }

    /** The domain of the user's address; {@link #NO_DOMAIN} where the user name is no address. */
    public static String domain(Account account) {
        var user = HeaderComposer.address(account.user());
        return user == null ? NO_DOMAIN : user.domain();
    }

    public static String random(String domain) {
        var octets = new byte[OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getUrlEncoder().encodeToString(octets) + "@" + domain;
    }
}
