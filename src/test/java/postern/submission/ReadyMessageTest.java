package postern.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

    private ReadyMessage read(String text) throws IOException {
        var space = new SpoolSpace(new SpoolProperties(DataSize.ofMegabytes(2), directory));
        var octets = new SpooledOctets(space);
        octets.write(text.getBytes(UTF_8));
        return ReadyMessage.of(octets);
    }
}
