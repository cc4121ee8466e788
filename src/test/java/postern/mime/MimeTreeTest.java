package postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parsing of messages that the mail server does not parse. */
@Timeout(300)
class MimeTreeTest {

    private static final String TWO =
            """
            --b
            Content-Type: text/plain

            The words.
            --b
            Content-Type: application/pdf

            JVBERi0=
            --b--
            behind
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed; boundary=b",
                "multipart/mixed;; boundary=\"b\"",
                "multipart/mixed; boundary*=us-ascii''b",
                "multipart/mixed; boundary*0=b",
                "multipart/mixed; boundary=\"b",
                "multipart/mixed; boundary=\"b\n charset=utf-8",
                "multipart/mixed; boundary=\"other\"",
                "multipart/mixed",
                "multipart/mixed boundary=b",
                "MULTIPART / MIXED ; BOUNDARY = b"
            })
    void thePartsAreFoundHoweverTheDelimiterIsAnnounced(String type) {
        var octets = message("Content-Type: " + type + "\n\npreamble\n" + TWO);
        var read = MimeTree.read(octets, true);

        assertThat(read.complete()).isTrue();
        assertThat(read.root().type()).isEqualTo("multipart/mixed");
        assertThat(read.root().parts())
                .extracting(MimeEntity::type)
                .containsExactly("text/plain", "application/pdf");
        assertThat(bodies(octets, read)).containsExactly("The words.", "JVBERi0=");
    }

    @Test
    void aDelimiterIsTheWholeLine() {
        var octets =
                message(
                        """
                        Content-Type: multipart/mixed; boundary=b

                        --b
                        Content-Type: multipart/alternative; boundary=bb

                        --bb

                        one
                        --bb \t
                        Content-Type: text/html

                        two
                        --bbb
                        --bb--
                        --b

                        three
                        --b--
                        """);

        assertThat(bodies(octets, MimeTree.read(octets, true)))
                .containsExactly("one", "two\r\n--bbb", "three");
    }

    @Test
    void aMultipartWithinMayHaveTheSameDelimiter() {
        var octets =
                message(
                        """
                        Content-Type: multipart/mixed; boundary=b

                        --b
                        Content-Type: multipart/mixed; boundary=b

                        --b

                        one
                        --b--
                        --b

                        two
                        --b--
                        """);

        assertThat(bodies(octets, MimeTree.read(octets, true))).containsExactly("one", "two");
    }

    @Test
    void theEndMayBeMissing() {
        var octets =
                message("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n");

        assertThat(bodies(octets, MimeTree.read(octets, true))).containsExactly("one", "two\r\n");
    }

    @Test
    void theEmptyLineBehindAPartsHeaderMayBeMissing() {
        var octets =
                message(
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                + "Content-Type: text/plain\nThe words.\n--b--\n");

        assertThat(bodies(octets, MimeTree.read(octets, true))).containsExactly("The words.");
    }

    @Test
    void aPartMayBeNothingButItsHeader() {
        var octets =
                message(
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                + "Content-Type: message/rfc822\n--b\n\n--b\n--b--\n");

        assertThat(bodies(octets, MimeTree.read(octets, true))).containsExactly("", "", "");
    }

    @Test
    void aMessageWithinIsOpened() {
        var octets =
                message(
                        """
                        Content-Type: multipart/mixed; boundary=b

                        --b
                        Content-Type: message/global

                        Subject: inner
                        Content-Type: multipart/mixed; boundary=i

                        --i

                        words
                        --b--
                        """);
        var inner = MimeTree.read(octets, true).root().parts().getFirst().parts().getFirst();

        assertThat(text(octets, inner.start(), inner.body())).startsWith("Subject: inner");
        assertThat(inner.parts()).hasSize(1);
    }

    @Test
    void anEncodedMessageIsNotOpened() {
        var octets =
                message(
                        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                                + "U3ViamVjdDogeAo=\n");

        assertThat(MimeTree.read(octets, true).root().parts()).isEmpty();
    }

    @Test
    void partsThatWereNotReadToTheirEndAreTold() {
        var octets = message("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntw");
        var read = MimeTree.read(octets, false);

        assertThat(read.complete()).isFalse();
        assertThat(read.root().parts()).extracting(MimeEntity::whole).containsExactly(true, false);
    }

    @Test
    void aHundredThousandPartsAreNotAllTold() {
        var octets =
                message(
                        "Content-Type: multipart/mixed; boundary=b\n\n"
                                + "--b\n\n".repeat(100_000));
        var read = MimeTree.read(octets, true);

        assertThat(read.complete()).isFalse();
        assertThat(read.root().parts()).hasSize(1_000);
    }

    @Test
    void aThousandLevelsAreNotAllTold() {
        var text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b").append(i);
            text.append("\n\n--b").append(i).append('\n');
        }
        var multiparts = MimeTree.read(message(text.toString()), true);
        var messages =
                MimeTree.read(message("Content-Type: message/rfc822\n\n".repeat(1_000)), true);

        assertThat(multiparts.complete()).isFalse();
        assertThat(depth(multiparts.root())).isBetween(50, 101);
        assertThat(messages.complete()).isFalse();
        assertThat(depth(messages.root())).isBetween(50, 101);
    }

    /** Each input takes minutes if parsing is not linear in lines and levels. */
    @Test
    void theTimeIsThatOfOneReading() {
        var deep = new StringBuilder();
        for (int i = 0; i < 90; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=")
                    .append("x".repeat(200))
                    .append(i);
            deep.append("\n\n--").append("x".repeat(200)).append(i).append('\n');
        }
        var hostile =
                List.of(
                        deep + "\n" + ("--" + "x".repeat(200) + "y\n").repeat(100_000),
                        "Content-Type: multipart/mixed\n\n" + "--x\ny\n".repeat(3_000_000),
                        "Content-Type: multipart/mixed\n\n" + "--x\nContent-\n".repeat(1_000_000),
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                + "X: y\n".repeat(4_000_000),
                        "Content-Type: multipart/mixed; boundary=b\n\n"
                                + ("--b\n" + "X: y\n".repeat(4_000)).repeat(1_000),
                        "Subject: x\r".repeat(2_000_000),
                        "-".repeat(20_000_000),
                        "\n".repeat(20_000_000),
                        "Content-Type: multipart/mixed; boundary=\"" + "b".repeat(20_000_000));
        for (var text : hostile) {
            assertThat(MimeTree.read(message(text), true).root().start()).isZero();
        }
    }

    @Test
    void whateverItReadsEveryPartLiesWithinTheOneAround() {
        var words =
                List.of(
                        "--b\n",
                        "--b--\n",
                        "--bb\n",
                        "--bb--",
                        "\n",
                        "\r",
                        "Content-Type: multipart/mixed; boundary=b\n",
                        "Content-Type: multipart/digest; boundary=\"bb\n",
                        "Content-Type: message/rfc822\n",
                        "Content-Transfer-Encoding: base64\n",
                        "words\n",
                        " ",
                        ":",
                        "\0",
                        "From x\n");
        var random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int left = random.nextInt(24); left > 0; left--) {
                text.append(words.get(random.nextInt(words.size())));
            }
            var octets = text.toString().getBytes(ISO_8859_1);
            var root = MimeTree.read(octets, random.nextBoolean()).root();
            assertThat(root.end()).as(text.toString()).isEqualTo(octets.length);
            requireWithin(root, text.toString());
        }
    }

    private static void requireWithin(MimeEntity entity, String text) {
        assertThat(entity.start()).as(text).isLessThanOrEqualTo(entity.body());
        assertThat(entity.body()).as(text).isLessThanOrEqualTo(entity.end());
        int before = entity.body();
        for (var part : entity.parts()) {
            assertThat(part.start()).as(text).isGreaterThanOrEqualTo(before);
            assertThat(part.end()).as(text).isLessThanOrEqualTo(entity.end());
            before = part.end();
            requireWithin(part, text);
        }
    }

    private static int depth(MimeEntity entity) {
        return 1 + entity.parts().stream().mapToInt(MimeTreeTest::depth).max().orElse(0);
    }

    private static List<String> bodies(byte[] octets, MimeTree.Read read) {
        var bodies = new ArrayList<String>();
        add(octets, read.root(), bodies);
        return bodies;
    }

    private static void add(byte[] octets, MimeEntity entity, List<String> bodies) {
        if (entity.parts().isEmpty()) {
            bodies.add(text(octets, entity.body(), entity.end()));
        }
        entity.parts().forEach(part -> add(octets, part, bodies));
    }

    private static String text(byte[] octets, int from, int to) {
        return new String(octets, from, to - from, ISO_8859_1);
    }

    private static byte[] message(String text) {
        return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }
}
