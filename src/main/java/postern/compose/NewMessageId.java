package postern.compose;

import java.security.SecureRandom;
import java.util.Base64;
import postern.account.Account;

/** Message-IDs for messages that have none, without angle brackets (RFC 5322 §3.6.4). */
public final class NewMessageId {

    /** A reserved domain (RFC 2606 §2), so that Message-IDs do not disclose the host name. */
    public static final String NO_DOMAIN = "postern.invalid";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int OCTETS = 18;

    private NewMessageId() {}

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
