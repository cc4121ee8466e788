package postern.egress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.Org, example.org",
        "müller.example, xn--mller-kva.example",
        "a.b-c.d1.example, a.b-c.d1.example",
        "1.example, 1.example",
        "mail。example.org, mail.example.org",
        "127.0.0.1.nip.io, 127.0.0.1.nip.io"
    })
    void aPublicNameIsReadInAsciiAndLowerCase(String text, String name) {
        assertThat(DomainName.parse(text).map(DomainName::text)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "0x7f.1",
                "1.0x7f",
                "10.0.0.1.",
                "127。0。0。1",
                "１２７.0.0.1",
                "①②⑦.0.0.1",
                "[127.0.0.1]",
                "[::1]",
                "::1",
                "[::ffff:127.0.0.1]",
                "::ffff:7f00:1",
                "fe80::1%eth0",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "a.localhost",
                "router.local",
                "x.internal",
                "metadata.google.internal",
                "x.home.arpa",
                "a.lan",
                "x.onion",
                "com",
                "",
                ".",
                "..",
                ".example.org",
                "example..org",
                "example.org.",
                "-a.example",
                "a-.example",
                "exa mple.org",
                "example.org:443",
                "example.org/x",
                "user@example.org",
                "example.org#",
                "example.org?",
                "a_b.example",
                "example.org\r\nHost: x",
                "a\\b.example",
                "example.0x1",
                "example.1"
            })
    void whatMayBeAnAddressOrIsNoPublicNameIsRefused(String text) {
        assertThat(DomainName.parse(text)).isEmpty();
    }

    @Test
    void lengthsAreThoseOfTheDns() {
        assertThat(DomainName.parse("a".repeat(63) + ".example")).isPresent();
        assertThat(DomainName.parse("a".repeat(64) + ".example")).isEmpty();
        assertThat(DomainName.parse("a.".repeat(123) + "example")).isPresent();
        assertThat(DomainName.parse("a.".repeat(124) + "example")).isEmpty();
    }

    @Test
    void theParentOfATopLevelDomainsChildIsNone() {
        var name = new DomainName("mx.example.org");

        assertThat(name.parent().map(DomainName::text)).contains("example.org");
        assertThat(name.parent().orElseThrow().parent()).isEmpty();
    }
}
