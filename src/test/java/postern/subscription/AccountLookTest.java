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
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.provider.MailServers;
import postern.subscription.HintedMailboxes.Where;
import postern.subscription.SubscriptionStore.Stored;
import postern.testclient.SecondImapClient;
import postern.testserver.InMemoryServer;
import postern.testserver.ScriptedImapServer;
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

    /** Else a message that comes between the two would be in no count that is ever told. */
    @Test
    void countsAreTakenAfterTheStateThatTheyAreToldWith() {
        try (var server = ScriptedImapServer.start()) {
            server.capabilities("IMAP4rev1 ENABLE CONDSTORE QRESYNC");
            server.selected(
                    "* 0 EXISTS",
                    "* OK [UIDVALIDITY 7] x",
                    "* OK [UIDNEXT 9] x",
                    "* OK [HIGHESTMODSEQ 5] x");
            server.expect("LIST \"\" \"*\"").reply("* LIST () \"/\" INBOX", "OK");
            server.expect("LSUB \"\" \"*\"").reply("OK");
            server.expectMatching("STATUS .INBOX. .*").reply(counted(0), "OK");
            server.expect("FETCH 1,* (UID MODSEQ)").reply("OK");
            server.expectMatching("STATUS .INBOX. .*").reply(counted(1), "OK");
            var imap = new ImapServer(server.host(), server.port(), Security.NONE);
            var stored = stored(new Account(imap, "u", new Password("p")));

            var batch = look.next(stored, Progress.of(Map.of(), false), Where.EVERYWHERE).batch();

            assertThat(batch.delivery().events())
                    .singleElement()
                    .extracting(DeliveredEvent::totalMessages, DeliveredEvent::unreadMessages)
                    .containsExactly(1L, 1L);
        }
    }

    private static String counted(int messages) {
        return "* STATUS INBOX (MESSAGES %1$d UNSEEN %1$d UIDNEXT 9 UIDVALIDITY 7 HIGHESTMODSEQ 5)"
                .formatted(messages);
    }

    private Stored stored(String user) {
        var imap = servers.named(MailServers.DEFAULT).orElseThrow().imap();
        return stored(new Account(imap, user, new Password(SERVER.password())));
    }

    private static Stored stored(Account account) {
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
        return Stored.unkept("a", content, account);
    }
}
