package postern.web.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.UidSet;
import postern.testserver.SomeAccount;

class ThreadIdTest {

    private final Random random = new Random(20_261_124);

    @ParameterizedTest
    @MethodSource("postern.web.OpaqueIdsTest#hostileNames")
    void leadsBackToItsMessage(MailboxName name) {
        for (int i = 0; i < 200; i++) {
            var tag = new AccountTag((short) random.nextInt());
            var ref = new MessageRef(name, random.nextInt(), 1 + random.nextLong(UidSet.MAX), tag);
            var id = ThreadId.of(ref, random.nextLong());

            assertThat(ThreadId.parse(id.toString())).isEqualTo(id).hasToString(id.toString());
            assertThat(id.toString()).matches("[A-Z][A-Za-z0-9_-]+");
        }
    }

    @Test
    void leadsBackToWhatTheServerCallsTheThread() {
        for (var name : List.of("T64b478a75b7ea9", "18446744073709551615", "a-b_C".repeat(51))) {
            var id = ThreadId.ofServer(name);

            assertThat(ThreadId.parse(id.toString())).isEqualTo(id);
        }
    }

    @Test
    void noticesDamage() {
        var id = ThreadId.of(SomeAccount.message(MailboxName.of("a"), 7, 8), 9).toString();
        for (int at = 0; at < id.length(); at++) {
            for (var other : List.of("A", "b", "-", "", "=", "\u00fc")) {
                var damaged = id.substring(0, at) + other + id.substring(at + 1);
                if (!damaged.equals(id)) {
                    assertThatIllegalArgumentException().isThrownBy(() -> ThreadId.parse(damaged));
                }
            }
        }
        var message = MessageId.of(SomeAccount.message(MailboxName.INBOX, 7, 8)).toString();
        assertThatIllegalArgumentException().isThrownBy(() -> ThreadId.parse(message));
        assertThatIllegalArgumentException().isThrownBy(() -> ThreadId.ofServer("a b"));
    }
}
