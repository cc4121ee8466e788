package postern.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.Password;
import postern.provider.MailServers;
import postern.subscription.HintedMailboxes.Where;
import postern.subscription.SubscriptionStore.Stored;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** A look at an account whose mailboxes have no mod-sequences: only a look into each shows it. */
@OnGreenMail
@Timeout(60)
class AccountLookTest {

    private static final InMemoryServer SERVER = InMemoryServer.GREENMAIL;

    @Autowired private AccountLook look;
    @Autowired private MailServers servers;

    @Test
    void ofMoreMailboxesThanAreOpenedInOneLookTheOthersAreLeftForTheNext() throws Exception {
        var user = SERVER.newUser();
        int most = AccountLook.OPENED + 10;
        try (var program = SecondImapClient.of(SERVER, user)) {
            for (int i = 0; i < most; i++) {
                program.create("box" + i);
                program.append("box" + i, Set.of(), "Subject: x\r\n\r\nx".getBytes(UTF_8));
            }
        }
        var stored = stored(user);
        var batch = look.next(stored, Progress.of(Map.of(), true), Where.EVERYWHERE).batch();
        while (batch.more()) {
            batch = look.next(stored, batch.next(), Where.EVERYWHERE).batch();
        }
        var progress = batch.next();

        var left = new HashSet<>(look.next(stored, progress, Where.EVERYWHERE).left());

        assertThat(left).hasSize(10);
        assertThat(left.stream().map(MailboxId::parse)).doesNotContain(MailboxId.parse("inbox"));
        assertThat(look.next(stored, progress, new Where(left, false)).left()).isEmpty();
        assertThat(look.next(stored, progress, new Where(Set.of(), false)).left()).isEmpty();
    }

    private Stored stored(String user) {
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        var now = Instant.now();
        var content =
                new SubscriptionContent(
                        "https://example.org",
                        List.of(),
                        EnumSet.allOf(EventType.class),
                        Set.of(),
                        null,
                        now,
                        now,
                        now.plusSeconds(60),
                        now.plusSeconds(60),
                        List.of(),
                        0,
                        null,
                        null);
        return Stored.unkept(
                "a", content, new Account(imap, user, new Password(SERVER.password())));
    }
}
