package postern.testserver.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the IMAP server of a provider announces, says and refuses. Texts are from the threads and
 * logs of users; none was tried with an account.
 */
public abstract class ProviderScript {

    private final String preset;

    ProviderScript(String preset) {
        this.preset = preset;
    }

    /** One of each provider. */
    public static List<ProviderScript> all() {
        return List.of(
                new Gmail(),
                new Outlook(),
                new Yahoo(),
                new Aol(),
                new ICloud(),
                new NetEase(),
                new Qq(),
                new ProtonBridge());
    }

    /** The preset for this provider. */
    public String preset() {
        return preset;
    }

    /** What follows {@code * OK}. */
    abstract String greeting();

    /** The capabilities before the login. */
    abstract String announcedFirst();

    /** The capabilities after the login. */
    abstract String announced();

    /** Whether the OK to a login has the capabilities; else a client must ask. */
    boolean announcesAtLogin() {
        return true;
    }

    abstract List<ProviderMailbox> mailboxes();

    /** Whether this is a name of the user with this address. */
    boolean names(String user, String address) {
        return user.equals(address);
    }

    /** The tagged answer to a wrong password. */
    abstract String passwordRefused();

    /** The tagged answer to the password of the account, where an app password is wanted. */
    String appPasswordWanted() {
        return passwordRefused();
    }

    /** Why an access token is refused, before base64; null where the NO follows at once. */
    @Nullable String challenge() {
        return null;
    }

    /** The tagged answer to a refused access token. */
    String tokenRefused() {
        return passwordRefused();
    }

    /** The tagged answer to a login beyond the limit of connections. */
    abstract String tooManyConnections();

    /** The tagged answer to any command of a client that sends too many. */
    abstract String throttled();

    /** The tagged answer to a command that this provider refuses; null for one that it takes. */
    @Nullable String refusal(String verb, String arguments, boolean identified) {
        return null;
    }

    /** Whether what is in a mailbox is also in that of all mail. */
    boolean labels() {
        return false;
    }

    /** Capabilities that are announced and that the preset switches off. */
    List<String> switchedOff() {
        return List.of();
    }

    @Override
    public String toString() {
        return preset;
    }

    static ProviderMailbox mailbox(String name, String attributes) {
        return new ProviderMailbox(name, attributes);
    }
}
