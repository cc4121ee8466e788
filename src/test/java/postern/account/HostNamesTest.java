package postern.account;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "imap.example.org",
                "imap.example.org.",
                "mail_server",
                "xn--mller-kva.example",
                "192.0.2.1",
                "2001:db8::1",
                "::ffff:192.0.2.1"
            })
    void namesAndAddressesAreTaken(String host) {
        assertThatCode(() -> HostNames.check("postern.imap.host", host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://imap.example.org",
                "imap example",
                "imap.example.org:993",
                "imap.example.org/",
                " imap.example.org",
                "imap..example.org",
                ".example.org",
                "müller.example",
                "192.0.2.1:993",
                "anne@example.org"
            })
    void somethingElseIsRefusedWithTheNameOfItsProperty(String host) {
        assertThatThrownBy(() -> HostNames.check("postern.imap.host", host))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("postern.imap.host: '" + host + "'");
    }
}
