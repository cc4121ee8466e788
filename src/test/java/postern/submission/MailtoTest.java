package postern.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.mime.header.MailAddress;

class MailtoTest {

    @Test
    void readsOneAddressWithSubjectAndText() {
        assertThat(
                        Mailto.parse(
                                "MAILTO:leave+a%2Bb@example.org?subject=a+b%20%C3%BC&body=x%0D%0Ay%0d"))
                .contains(
                        new Mailto(
                                MailAddress.of(null, "leave+a+b@example.org"),
                                "a+b \u00fc",
                                "x\ny"));
        assertThat(Mailto.parse("mailto:%C3%BC@example.org"))
                .contains(new Mailto(MailAddress.of(null, "\u00fc@example.org"), "", ""));
        assertThat(Mailto.parse("mailto:?to=a@example.org"))
                .contains(new Mailto(MailAddress.of(null, "a@example.org"), "", ""));
    }

    @Test
    void nothingElseOfItIsDone() {
        var uri =
                "mailto:a@example.org?cc=b@example.org&bcc=c@example.org&attach=/etc/passwd"
                        + "&subject=x%0d%0aBcc:%20d@example.org&From=e@example.org";

        assertThat(Mailto.parse(uri))
                .contains(
                        new Mailto(
                                MailAddress.of(null, "a@example.org"), "x Bcc: d@example.org", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/",
                "mailto:",
                "mailto:nobody",
                "mailto:a@example.org,b@example.org",
                "mailto:a@example.org?to=b@example.org",
                "mailto:a%0d%0a@example.org",
                "mailto:a@example.org%0D%0ARCPT%20TO:%3Cb@example.org%3E",
                "mailto:a@example.org%",
            })
    void otherUrisAreNoMessage(String uri) {
        assertThat(Mailto.parse(uri)).isEmpty();
    }

    @Test
    void itIsBounded() {
        assertThat(Mailto.parse("mailto:a@example.org?body=" + "x".repeat(2_001))).isEmpty();
        assertThat(Mailto.parse("mailto:a@example.org?subject=" + "x".repeat(501))).isEmpty();
    }
}
