package postern.testserver.provider;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens no mailbox for a client that has not sent ID after the login. Names are Chinese. */
final class NetEase extends ProviderScript {

    private static final String CAPABILITIES =
            "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1";

    NetEase() {
        super("netease-163");
    }

    @Override
    String greeting() {
        return "Coremail System IMap Server Ready(163com[0a1b2c3d])";
    }

    @Override
    String announcedFirst() {
        return CAPABILITIES;
    }

    @Override
    String announced() {
        return CAPABILITIES;
    }

    @Override
    boolean announcesAtLogin() {
        return false;
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("INBOX", ""),
                mailbox("&g0l6P3ux-", "\\Drafts"),
                mailbox("&XfJT0ZAB-", "\\Sent"),
                mailbox("&XfJSIJZk-", "\\Trash"),
                mailbox("&V4NXPpCuTvY-", "\\Junk"),
                mailbox("&Xn9USpCuTvY-", ""));
    }

    @Override
    String passwordRefused() {
        return "NO LOGIN Login error or password error";
    }

    @Override
    String tooManyConnections() {
        return "NO LOGIN Too many connections";
    }

    @Override
    String throttled() {
        return "NO System busy, please try again later";
    }

    @Override
    @Nullable String refusal(String verb, String arguments, boolean identified) {
        return Set.of("SELECT", "EXAMINE", "STATUS").contains(verb) && !identified
                ? "NO %s Unsafe Login. Please contact kefu@188.com for help".formatted(verb)
                : null;
    }
}
