package postern.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import postern.testserver.FaultyProxy;

/**
 * A gateway and a bare socket at the same distance from the same server.
 *
 * @param link what makes the distance, where there is one
 */
record Scenario(
        Duration roundTrip,
        InetSocketAddress imap,
        @Nullable FaultyProxy link,
        Gateway gateway,
        SharedMailbox mailbox,
        Iterator<Login> strangers,
        Settings settings,
        Report report) {

    static final String LIST = "/v1/mailboxes/inbox/messages?limit=";

    static Scenario of(
            Duration roundTrip,
            InetSocketAddress imap,
            @Nullable FaultyProxy link,
            Gateway gateway,
            SharedMailbox mailbox,
            Settings settings,
            Report report) {
        return new Scenario(
                roundTrip,
                imap,
                link,
                gateway,
                mailbox,
                mailbox.guests().iterator(),
                settings,
                report);
    }

    /** Somebody this gateway has not seen. */
    Login stranger() {
        return strangers.next();
    }

    Login owner() {
        return mailbox.owner();
    }

    BareImap bareInbox() throws IOException {
        return BareImap.inbox(imap, owner());
    }

    /** With no mailbox selected, which the server would look through after each APPEND. */
    BareImap bareLogin() throws IOException {
        return BareImap.login(imap, owner());
    }

    BareHttp http() throws IOException {
        return new BareHttp(gateway.address());
    }

    /**
     * Makes the gateway connect, log in and select for that user, and learn next to nothing else.
     */
    void acquaint(BareHttp http, Login user) throws IOException {
        http.get(user, LIST + 1);
    }

    Target onLoopback(double atMost) {
        return roundTrip.isZero() ? new Target(atMost) : Target.NONE;
    }

    Target atADistance(double atMost) {
        return roundTrip.isZero() ? Target.NONE : new Target(atMost);
    }

    int warmUps() {
        return settings.warmUps();
    }

    int rounds() {
        return settings.rounds();
    }
}
