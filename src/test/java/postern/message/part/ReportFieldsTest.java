package postern.message.part;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportFieldsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "dns; mx.example.org, mx.example.org",
                "dns; mx.example.org (192.0.2.7), mx.example.org",
                "dns; mx.example.org (a (nested\\) one)), mx.example.org",
                "mx.example.org, mx.example.org",
                "SMTP;, -",
                "dns; (nothing), -",
                "(open, -",
            })
    void aFieldForProgramsHasNoComments(String value, String expected) {
        var fields = ReportFields.of("Remote-MTA: " + value + "\n");

        assertThat(fields.untyped("remote-mta")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "rfc822; bob@example.org, bob@example.org",
                "rfc822; <bob@example.org>, bob@example.org",
                "<bob@example.org> (Bob), bob@example.org",
                "rfc822; \"a(b)c\"@example.org, \"a(b)c\"@example.org",
                "<>, -",
            })
    void anAddressHasNoAngleBrackets(String value, String expected) {
        var fields = ReportFields.of("Final-Recipient: " + value + "\n");

        assertThat(fields.address("final-recipient")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "smtp; 550 5.1.1 (no such user), 550 5.1.1 (no such user)",
                "SMTP; , -",
            })
    void aParenthesisOfAnAnswerStays(String value, String expected) {
        var fields = ReportFields.of("Diagnostic-Code: " + value + "\n");

        assertThat(fields.untypedText("diagnostic-code")).isEqualTo(expected);
    }
}
