package postern.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferenceHeaderTest {

    @Test
    void readsWhatAMessageRefersToTheNearestLast() {
        var header =
                parse(
                        "Message-ID: <c@x>\r\nIn-Reply-To: <b@x>\r\n"
                                + "References: <a@x>\r\n\t<b@x>\r\n\r\n");

        assertThat(header.messageId()).isEqualTo(id("c@x"));
        assertThat(header.references()).containsExactly(id("a@x"), id("b@x"));
    }

    @Test
    void goesByInReplyToWhereThereAreNoReferences() {
        var header =
                parse("in-reply-to: Your message of Monday <b@x> (sic) <c@x>\nmessage-id:<d@x>");

        assertThat(header.messageId()).isEqualTo(id("d@x"));
        assertThat(header.references()).containsExactly(id("b@x"));
    }

    @Test
    void putsReferencesNearerThanWhatInReplyToNamesBesides() {
        assertThat(parse("In-Reply-To: <z@x>\r\nReferences: <a@x> <b@x>\r\n").references())
                .containsExactly(id("z@x"), id("a@x"), id("b@x"));
    }

    @Test
    void takesAFoldedIdForTheSame() {
        assertThat(parse("Message-ID: <very-long\r\n -id@x>\r\n").messageId())
                .isEqualTo(id("very-long-id@x"));
        assertThat(parse("Message-ID:\r\n <c@x>\r\n").messageId()).isEqualTo(id("c@x"));
    }

    @Test
    void takesAMessageIdWithoutItsBrackets() {
        assertThat(parse("Message-ID: c@x\r\n").messageId()).isEqualTo(id("c@x"));
    }

    @Test
    void takesTheFirstOfSeveralMessageIds() {
        assertThat(parse("Message-ID: <a@x>\r\nMessage-ID: <b@x>\r\n").messageId())
                .isEqualTo(id("a@x"));
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        for (var nothing :
                new String[] {
                    "",
                    "\r\n",
                    "Message-ID:",
                    "Message-ID: <>\r\n",
                    "References: < >",
                    ":",
                    "References <a@x>",
                    " folded <a@x>"
                }) {
            var header = parse(nothing);

            assertThat(header.references()).as(nothing).isEmpty();
        }
        assertThat(ReferenceHeader.parse(null).references()).isEmpty();
        assertThat(parse("Message-ID: \t \r\n").messageId()).isEqualTo(MessageIdHash.NONE);
    }

    @Test
    void leavesOutAReferenceThatWasCut() {
        assertThat(parse("References: <a@x> <b@").references()).containsExactly(id("a@x"));
    }

    @Test
    void keepsTheBeginningAndTheEndOfALongChain() {
        var chain =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "<m%d@x>".formatted(i))
                        .collect(Collectors.joining("\r\n "));

        var references = parse("References: " + chain + "\r\n").references();

        assertThat(references).hasSize(32).startsWith(id("m0@x"), id("m1@x"), id("m970@x"));
        assertThat(references).endsWith(id("m998@x"), id("m999@x"));
    }

    @Test
    void readsAnyOctetsAtAll() {
        var random = new Random(20_261_124);
        var words = "<>:\r\n \tmessage-idreferences\u0000\u00ff@x(\"\\";
        for (int i = 0; i < 20_000; i++) {
            var octets = new byte[random.nextInt(200)];
            for (int at = 0; at < octets.length; at++) {
                octets[at] = (byte) words.charAt(random.nextInt(words.length()));
            }

            var header = ReferenceHeader.parse(octets);

            assertThat(Arrays.stream(header.references())).doesNotContain(MessageIdHash.NONE);
        }
    }

    private static ReferenceHeader parse(String header) {
        return ReferenceHeader.parse(header.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static long id(String id) {
        return MessageIdHash.of(id);
    }
}
