package postern.smtp.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutgoingOctetsTest {

    private static String copied(String message) throws IOException {
        var out = new ByteArrayOutputStream();
        OutgoingOctets.copy(new ByteArrayInputStream(message.getBytes(ISO_8859_1)), out);
        return out.toString(ISO_8859_1);
    }

    @Test
    void passesAMessageUnchanged() throws IOException {
        var message =
                "From: a@example.org\r\nSubject: caf\u00e9\r\n\tfolded\r\n\r\nText \u0001\r\n\r\nEnd\r\n";

        assertThat(copied(message)).isEqualTo(message);
    }

    @Test
    void doublesADotAtTheBeginningOfALineOnly() throws IOException {
        assertThat(copied("A: b\r\n\r\n.\r\n..\r\na.\r\n.b\r\n"))
                .isEqualTo("A: b\r\n\r\n..\r\n...\r\na.\r\n..b\r\n");
        assertThat(copied(".odd header\r\n\r\n")).isEqualTo("..odd header\r\n\r\n");
    }

    @Test
    void endsEveryLineWithCrlf() throws IOException {
        assertThat(copied("A: b\n\nx\ny\rz\r\nend"))
                .isEqualTo("A: b\r\n\r\nx\r\ny\r\nz\r\nend\r\n");
        assertThat(copied("A: b\r\n\r\nx\r")).isEqualTo("A: b\r\n\r\nx\r\n");
    }

    /** A server that takes a bare LF for a line end would see the end of the message here. */
    @Test
    void hidesNoEndOfTheMessageBehindABareLineEnd() throws IOException {
        for (var end : new String[] {"\n.\n", "\n.\r\n", "\r.\r", "\r\n.\r", "\r.\n"}) {
            assertThat(copied("A: b\r\n\r\nx" + end + "MAIL FROM:<evil@example.org>\r\n"))
                    .isEqualTo("A: b\r\n\r\nx\r\n..\r\nMAIL FROM:<evil@example.org>\r\n");
        }
    }

    @Test
    void leavesOutHiddenRecipientsInAnySpelling() throws IOException {
        assertThat(
                        copied(
                                "To: a@example.org\r\n"
                                        + "bCC: b@example.org,\r\n"
                                        + " c@example.org,\r\n"
                                        + "\t.d@example.org\r\n"
                                        + "Subject: Bcc: x\r\n"
                                        + " Bcc: no field\r\n"
                                        + "Resent-Bcc : e@example.org\r\n"
                                        + "Bcc"
                                        + " ".repeat(100)
                                        + ": f@example.org\r\n"
                                        + "Bccx: kept\r\n"
                                        + "X-Bcc: kept\r\n"
                                        + "Bcc:\r\n"
                                        + "\r\n"
                                        + "Bcc: in the text\r\n"))
                .isEqualTo(
                        "To: a@example.org\r\n"
                                + "Subject: Bcc: x\r\n"
                                + " Bcc: no field\r\n"
                                + "Bccx: kept\r\n"
                                + "X-Bcc: kept\r\n"
                                + "\r\n"
                                + "Bcc: in the text\r\n");
    }

    @Test
    void leavesOutTheLastFieldWithoutEatingTheText() throws IOException {
        assertThat(copied("Bcc: b@example.org\n\n.text\n")).isEqualTo("\r\n..text\r\n");
        assertThat(copied("Bcc: b@example.org")).isEmpty();
    }

    @Test
    void passesLinesWithoutAColonAndLongNames() throws IOException {
        var odd = "no colon\r\n" + "x".repeat(500) + ": y\r\n\r\n";

        assertThat(copied(odd)).isEqualTo(odd);
    }

    @Test
    void doesNotDependOnHowTheSourceIsCut() throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("Bcc: a\r\n b\r\nTo: c\r\n\r\n");
        for (int i = 0; i < 50_000; i++) {
            text.append("\r\n.ab".charAt(random.nextInt(5)));
        }
        text.append("a line\r\n".repeat(50_000)); // longer than a buffer
        var octets = text.toString().getBytes(ISO_8859_1);
        var pieces =
                new InputStream() {
                    private int next;

                    @Override
                    public int read() {
                        return next == octets.length ? -1 : octets[next++];
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        if (next == octets.length) {
                            return -1;
                        }
                        target[offset] = octets[next++];
                        return 1;
                    }
                };
        var out = new ByteArrayOutputStream();

        OutgoingOctets.copy(pieces, out);

        assertThat(out.toString(ISO_8859_1)).isEqualTo(copied(text.toString()));
        assertThat(out.toString(ISO_8859_1))
                .startsWith("To: c\r\n\r\n")
                .doesNotContain("\r\n.\r\n");
    }

    /** What stands for DATA is what a simple look at each line makes of it. */
    @Test
    void copiesEveryTextLineByLine() throws IOException {
        var random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            var text = new StringBuilder();
            int length = random.nextInt(60);
            for (int i = 0; i < length; i++) {
                text.append("\r\n.abcdefg".charAt(random.nextInt(10)));
            }
            var lines = text.toString().split("\r\n|\r|\n", -1);
            var expected = new StringBuilder("A: b\r\n\r\n");
            for (int i = 0; i < lines.length; i++) {
                boolean last = i == lines.length - 1;
                if (!last || !lines[i].isEmpty()) {
                    expected.append(lines[i].startsWith(".") ? "." : "");
                    expected.append(lines[i]).append("\r\n");
                }
            }

            assertThat(copied("A: b\r\n\r\n" + text)).isEqualTo(expected.toString());
        }
    }

    @Test
    void tellsAFailureOfTheSourceFromOneOfTheConnection() {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("disk");
                    }
                };

        assertThatThrownBy(() -> OutgoingOctets.copy(broken, new ByteArrayOutputStream()))
                .isInstanceOf(UncheckedIOException.class);
    }
}
