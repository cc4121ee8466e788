package postern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.AccountTag;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.message.UidSet;
import postern.testserver.SomeAccount;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.ThreadId;
import postern.web.problem.ProblemException;

class OpaqueIdsTest {

    private static final long SEED = 20_261_123;
    private static final List<Function<String, Object>> READERS =
            List.of(MailboxId::parse, MessageId::parse, Cursor::parse);

    private final Random random = new Random(SEED);

    static Stream<MailboxName> hostileNames() {
        return Stream.of(
                MailboxName.INBOX,
                MailboxName.of("inbox/Inbox"),
                MailboxName.of("sent"),
                MailboxName.of("a/../b?c=d#e%2f"),
                MailboxName.of("\"quoted\\\" * % {5}"),
                MailboxName.of("日本語/下書き 😀"),
                MailboxName.of(" "),
                MailboxName.of("\t\u0001\u007f"),
                new MailboxName("&broken"),
                new MailboxName("caf\u00c3\u00a9 \u00ff"),
                new MailboxName("x".repeat(4_000)));
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void aMailboxIdLeadsBackToItsNameWhateverThatIs(MailboxName name) {
        var id = MailboxId.of(name);

        assertThat(MailboxId.parse(id.text())).isEqualTo(id);
        assertThat(id.text()).matches("[A-Z][A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @MethodSource("hostileNames")
    void aMessageIdLeadsBackToItsMessage(MailboxName name) {
        for (int i = 0; i < 200; i++) {
            var tag = new AccountTag((short) random.nextInt());
            var id = MessageId.of(new MessageRef(name, number(), Math.max(1, number()), tag));

            var parsed = MessageId.parse(id.toString());

            assertThat(parsed).isEqualTo(id).hasToString(id.toString());
            assertThat(parsed.ref().accountTag()).isEqualTo(tag);
        }
    }

    @Test
    void aCursorLeadsBackToItsNumbers() {
        for (int i = 0; i < 1_000; i++) {
            var cursor = Cursor.of(i, random.longs(i % 7).map(n -> n >> (n & 63)).toArray());

            assertThat(Cursor.parse(cursor.toString())).isEqualTo(cursor);
        }
    }

    @Test
    void aMessageIdOfInboxIsShort() {
        var ref = SomeAccount.message(MailboxName.INBOX, 1_763_938_000, 48_121);

        assertThat(MessageId.of(ref)).hasToString("FBI00J2OyQb59wJUOxfL");
    }

    /** A user who logs in by an alias refers to the same message. */
    @Test
    void theTagOfTheAccountDoesNotTellMessagesApart() {
        var ref = SomeAccount.message(MailboxName.of("Work"), 7, 9);
        var alias = new MessageRef(ref.mailbox(), 7, 9, new AccountTag((short) 99));

        assertThat(MessageId.of(alias))
                .isEqualTo(MessageId.of(ref))
                .hasSameHashCodeAs(MessageId.of(ref))
                .isNotEqualTo(MessageId.of(SomeAccount.message(ref.mailbox(), 7, 8)))
                .isNotEqualTo(MessageId.of(SomeAccount.message(ref.mailbox(), 8, 9)))
                .isNotEqualTo(MessageId.of(SomeAccount.message(MailboxName.INBOX, 7, 9)));
        assertThat(MessageId.of(alias).toString()).isNotEqualTo(MessageId.of(ref).toString());
    }

    @Test
    void anIdOfBeforeAccountsHadTagsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageId.parse("EtCdjskG-fcCiTwuVA"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThreadId.parse("FgDdydnWBuckXnoSyTtA2B8AMSOV"));
    }

    @Test
    void everyRoleNamesAMailboxAndInboxIsOneByName() {
        assertThat(MailboxId.parse("inbox")).isEqualTo(MailboxId.of(MailboxName.INBOX));
        assertThat(MailboxId.parse("junk")).isEqualTo(new MailboxId.ByRole(MailboxRole.JUNK));
        for (var role : MailboxRole.values()) {
            if (role != MailboxRole.INBOX) {
                assertThat(MailboxId.parse(role.id()).text()).isEqualTo(role.id());
            }
        }
    }

    @Test
    void anyOneCharacterChangedIsNoticed() {
        for (var good : goodOnes()) {
            for (int i = 0; i < 500; i++) {
                var damaged = new StringBuilder(good);
                int at = random.nextInt(good.length());
                damaged.setCharAt(at, (char) (good.charAt(at) ^ (1 << random.nextInt(8))));

                refusedByAll(damaged.toString());
            }
        }
    }

    @Test
    void whatIsCutOrLengthenedIsNoticed() {
        for (var good : goodOnes()) {
            for (int end = 0; end < good.length(); end++) {
                refusedByAll(good.substring(0, end));
            }
            refusedByAll(good + "A");
            refusedByAll(good + "=");
            refusedByAll(good + good);
        }
    }

    @Test
    void oneKindIsNotAnother() {
        var mailbox = MailboxId.of(MailboxName.of("Work")).text();

        assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(mailbox));
        assertThatIllegalArgumentException().isThrownBy(() -> Cursor.parse(mailbox));
    }

    @Test
    void noiseIsRefused() {
        for (int i = 0; i < 2_000; i++) {
            var octets = new byte[random.nextInt(40)];
            random.nextBytes(octets);

            refusedByAll(new String(octets, StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, UidSet.MAX + 1, -1})
    void aMessageIdOfNoPossibleUidIsRefused(long uid) {
        var id = MessageId.of(SomeAccount.message(MailboxName.INBOX, 1, uid)).toString();

        assertThatIllegalArgumentException().isThrownBy(() -> MessageId.parse(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INBOX", "Inbox", "SENT", "outbox", ""})
    void aWordThatIsNoRoleIsRefused(String word) {
        refusedByAll(word);
    }

    private static List<String> goodOnes() {
        return hostileNames()
                .limit(10)
                .flatMap(name ->
                        Stream.of(
                                MailboxId.of(name).text(),
                                MessageId.of(SomeAccount.message(name, 7, 9)).toString(),
                                Cursor.of(1, 7, -9).toString()))
                .toList();
    }

    private static void refusedByAll(String text) {
        for (var reader : READERS) {
            assertThatIllegalArgumentException()
                    .as("\"%s\"", text)
                    .isThrownBy(() -> reader.apply(text));
        }
    }

    private long number() {
        return random.nextLong(UidSet.MAX + 1) >>> random.nextInt(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2.1", "1.2.3.4.5.6.7.8.9.10", "999999999"})
    void aMessageWithinAMessageHasAnIdOfItsOwn(String part) {
        var ref = SomeAccount.message(MailboxName.of("Kept"), 7, 41);
        var id = new MessageId(ref, part);

        assertThat(id.toString()).startsWith("G");
        assertThat(MessageId.parse(id.toString())).isEqualTo(id);
        assertThat(MessageId.of(ref).attached(part)).isEqualTo(id);
        assertThat(id.attached("3").part()).isEqualTo(part + ".3");
        assertThatThrownBy(id::ref).isInstanceOf(ProblemException.class);
        var damaged = id.toString().substring(1);
        assertThatThrownBy(() -> MessageId.parse("G" + damaged.substring(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
