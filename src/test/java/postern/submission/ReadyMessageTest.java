package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import postern.mime.compose.HeaderWriter;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolProperties;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** What is checked of a message is what the submission server gets. */
class ReadyMessageTest {

    private static final String FORGED = "From: ceo@bank.example\r\n";

    @TempDir private Path directory;

    /** A bare CR becomes a line end on the way, so that a field begins behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"X: y\r", "X: y\r\r", "\r", "X: y\r\r\n"})
    void noFieldHidesBehindABareCarriageReturn(String hiding) {
        assertThatThrownBy(() -> read("From: a@example.org\r\n" + hiding + FORGED + "\r\ntext"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("CR");
    }

    @Test
    void noFieldHidesBehindManyOthers() {
        assertThatThrownBy(
                        () -> read("From: a@example.org\r\n" + "X: y\r\n".repeat(2_000) + FORGED))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("2000 fields");
    }

    @Test
    void theTextMayHaveAnyLineEnds() throws IOException {
        try (var message = read("From: a@example.org\n\none\rtwo\r\rthree\r")) {
            assertThat(message.field("from")).isPresent();
        }
    }

    @Test
    void aMessageIdThatIsNotValidIsSaidToBeSo() throws IOException {
        try (var message = read("From: a@example.org\r\nMessage-ID: foo bar\r\n\r\ntext")) {
            message.addMissing(Instant.EPOCH, "new@example.org", null);

            assertThatThrownBy(message::requireComplete)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("Message-ID is not valid");
        }
    }

    @Test
    void fieldsInFrontDoNotMergeWithTheHeader() throws IOException {
        var front = new HeaderWriter().text("Resent-From", "a@example.org");
        try (var message = read(" folded\r\n\r\ntext")) {
            assertThatThrownBy(() -> message.putInFront(front))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("in the middle of a header field");
        }
        try (var message = read("\r\ntext")) {
            message.putInFront(front);
            assertThat(new String(message.open().readAllBytes(), UTF_8))
                    .isEqualTo("Resent-From: a@example.org\r\n\r\ntext");
            assertThat(message.length()).isEqualTo(34);
        }
    }

    /** Around the 64 KiB that are looked at at once, too. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_400, 65_520, 65_530, 65_536, 66_000})
    void refusesWhatCannotBeSentWhereverItStands(int before) throws IOException {
        var front = "From: a@example.org\r\n\r\n" + "x\r\n".repeat(before / 3);

        assertUnsendable(front + "a\u0000b", "NUL");
        assertUnsendable(front + "y".repeat(999) + "\r\n", "998");
        assertUnsendable(front + "y".repeat(500) + "\r" + "y".repeat(499), "998");
        try (var message = read(front + "y".repeat(998) + "\r\n" + "z".repeat(998))) {
            assertThat(message.eightBit()).isFalse();
        }
        try (var message = read(front + "\u00e9")) {
            assertThat(message.eightBit()).isTrue();
            assertThat(message.eightBitHeader()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<one@example.org> <two@example.org>|one@example.org",
                "Your message of \"Tuesday\"\\r\\n\\t<one@example.org>|one@example.org",
                "one@example.org|one@example.org",
                "<one\\r\\n @example.org>|",
                "<own@example.org>|",
                "<>|",
                "''|"
            })
    void whatItAnswersIsTheFirstIdInInReplyTo(String field, @Nullable String id)
            throws IOException {
        var header = "Message-ID: <own@example.org>\r\nIn-Reply-To: %s\r\n\r\n";
        try (var message = read(header.formatted(field.translateEscapes()))) {
            assertThat(message.inReplyTo()).isEqualTo(id);
        }
    }

    @Test
    void aFieldOfManyIdsIsNotReadAsAWhole() throws IOException {
        try (var message = read("In-Reply-To: " + "<\r\n ".repeat(2_000) + "<a@b>\r\n\r\n")) {
            assertThat(message.inReplyTo()).isNull();
        }
    }

    @Test
    void aHeaderEndsAtItsFirstEmptyLine() throws IOException {
        try (var message = read("From: a@example.org\r\nX: \u00e9\r\n\r\nBcc: no field\r\n")) {
            assertThat(message.eightBitHeader()).isTrue();
            assertThat(message.field("bcc")).isEmpty();
        }
        assertUnsendable("X: " + "y\r\n ".repeat(300_000) + "\r\n\r\n", "1 MB");
    }

    private void assertUnsendable(String text, String reason) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(reason);
    }

    private ReadyMessage read(String text) throws IOException {
        var space = new SpoolSpace(new SpoolProperties(DataSize.ofMegabytes(2), directory));
        var octets = new SpooledOctets(space);
        octets.write(text.getBytes(UTF_8));
        return ReadyMessage.of(octets);
    }
}
