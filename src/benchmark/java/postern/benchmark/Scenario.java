package postern.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import postern.testserver.FaultyProxy;

/**
 * A gateway and a bare socket with the same latency to the same server.
 *
 * @param link the proxy that adds the latency, if any
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

    /** A user who is new to this gateway. */
    Login stranger() {
        return strangers.next();
    }

    Login owner() {
        return mailbox.owner();
    }

    BareImap bareInbox() throws IOException {
        return BareImap.inbox(imap, owner());
    }

    /** Logs in without selecting a mailbox, which the server would check after each APPEND. */
    BareImap bareLogin() throws IOException {
        return BareImap.login(imap, owner());
    }

    BareHttp http() throws IOException {
        return new BareHttp(gateway.address());
    }

    /**
     * Makes the gateway connect, log in and select for this user, and cache as little else as
     * possible.
     */
    void acquaint(BareHttp http, Login user) throws IOException {
        http.get(user, LIST + 1);
    }

    /** A bare connection of this user with the mailbox selected, which has listed one message. */
    BareImap acquainted(Login user) throws IOException {
        var imap = BareImap.inbox(this.imap, user);
        imap.command("FETCH " + mailbox.newest(1) + " " + SharedMailbox.LIST_ITEMS);
        return imap;
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
