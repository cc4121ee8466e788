package postern.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.proxy.OutboundProxy.Protocol.HTTP;
import static postern.proxy.OutboundProxy.Protocol.SOCKS5;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.ImapServer;
import postern.account.Security;
import postern.proxy.OutboundProxy;

class MailServersTest {

    private static final ImapServer GMAIL = new ImapServer("imap.gmail.com", 993, Security.TLS);
    private static final ImapServer ICLOUD = new ImapServer("imap.mail.me.com", 993, Security.TLS);

    private static final String[] WORK = {
        "servers.work.host=imap.work.example",
        "servers.work.domains=work.example,müller.example,gmail.com",
        "servers.work.oauth-issuer=https://login.work.example",
        "servers.work.max-connections-per-account=3",
        "servers.lab.host=lab.example",
        "servers.lab.port=1143",
        "servers.lab.security=none",
        "servers.lab.longest-session=10m",
        "servers.lab.disabled-extensions=MOVE"
    };

    @ParameterizedTest
    @CsvSource({
        "anne@work.example, work",
        "anne@WORK.Example, work",
        "anne@müller.example, work",
        "anne@xn--mller-kva.example, work",
        "odd@name@work.example, work",
        "anne@mail.work.example, default",
        "anne@yahoo.com, yahoo",
        "anne@icloud.com, default",
        "anne@, default",
        "anne, default",
        "WORK\\anne, default",
        "anne@work.example.., default"
    })
    void theDomainOfTheUserNameDecides(String user, String server) {
        assertThat(servers("presets=yahoo", WORK).forUser(user).name()).isEqualTo(server);
    }

    @Test
    void aConfiguredServerHasItsDomainBeforeAPreset() {
        assertThat(servers("presets=gmail", WORK).forUser("anne@gmail.com").name())
                .isEqualTo("work");
        assertThat(servers("presets=gmail", WORK).forUser("anne@googlemail.com").name())
                .isEqualTo("gmail");
    }

    @Test
    void aServerIsReachedThroughItsOwnProxyOrThatOfAll() {
        var servers =
                servers(
                        "presets=gmail",
                        "servers.work.host=imap.work.example",
                        "proxies.gmail=socks5://anne:p%40ss@proxy.example:1080",
                        "proxies.work=http://[2001:db8::1]:3128");
        var work = new ImapServer("IMAP.work.example", 993, Security.TLS);

        assertThat(servers.proxy(GMAIL))
                .contains(new OutboundProxy(SOCKS5, "proxy.example", 1080, "anne", "p@ss"));
        assertThat(servers.proxy(work))
                .contains(new OutboundProxy(HTTP, "2001:db8::1", 3128, null, null));
        assertThat(servers.proxy(ICLOUD)).isEmpty();
        assertThat(servers("proxies.all=http://proxy:3128").proxy(ICLOUD)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "host=imap://lab.example, postern.servers.lab.host",
        "port=70000, postern.servers.lab.port",
        "submission.host=smtp example, postern.servers.lab.submission.host",
        "submission.port=0, postern.servers.lab.submission.port"
    })
    void anAddressThatCannotBeUsedEndsTheStart(String line, String property) {
        var settings = new HashMap<String, String>();
        settings.put("servers.lab.host", "lab.example");
        settings.put("servers.lab.submission.host", "lab.example");
        settings.put("servers.lab." + line.replaceAll("=.*", ""), line.replaceAll(".*=", ""));

        assertThatThrownBy(() -> ConfiguredServers.of(lines(settings)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(property);
    }

    private static String[] lines(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default=proxy.example:1080",
                "default=socks4://proxy.example:1080",
                "default=socks5://proxy.example",
                "default=http://secret@proxy.example:3128",
                "default=http://:secret@proxy.example:3128",
                "default=http://proxy.example:3128/secret",
                "default=http://proxy.example:3128?secret",
                "default=http://proxy example:3128",
                "nowhere=socks5://proxy.example:1080"
            })
    void aProxyThatCannotBeUsedEndsTheStart(String proxy) {
        assertThatThrownBy(() -> servers("proxies." + proxy))
                .hasMessageContaining("postern.proxies." + proxy.replaceAll("=.*", ""))
                .hasMessageNotContaining("secret");
    }

    @Test
    void noPresetIsAllowedUnlessTheOperatorNamesIt() {
        var servers = servers("presets=", WORK);

        assertThat(servers.names()).containsExactly("default", "lab", "work");
        assertThat(servers.allows(GMAIL)).isFalse();
        assertThat(servers.named("gmail").orElseThrow().allowed()).isFalse();
        assertThat(servers("presets=gmail").allows(GMAIL)).isTrue();
    }

    @Test
    void allPresetsAreThoseOnTheInternet() {
        var servers = servers("presets=all");

        assertThat(servers.names())
                .contains("default", "gmail", "icloud", "posteo")
                .doesNotContain("proton-bridge");
        assertThat(servers("presets=all,proton-bridge").names()).contains("proton-bridge");
    }

    @Test
    void onlyTheSameHostPortAndSecurityIsAllowed() {
        var servers = servers("presets=gmail");

        assertThat(servers.allows(new ImapServer("IMAP.gmail.com", 993, Security.TLS))).isTrue();
        assertThat(servers.allows(new ImapServer("imap.gmail.com", 143, Security.TLS))).isFalse();
        assertThat(servers.allows(new ImapServer("imap.gmail.com", 993, Security.NONE))).isFalse();
        assertThat(servers.allows(new ImapServer("mail.example.org", 993, Security.TLS))).isTrue();
    }

    /** Tokens of sessions are opened only for allowed servers, so that they end with the switch. */
    @Test
    void aFreelyChosenServerIsAllowedOnlyWhileTheSwitchIsOn() {
        var chosen = new ImapServer("imap.chosen.example", 993, Security.TLS);
        var off = KnownServers.of("postern.imap.host=mail.example.org");
        var on =
                KnownServers.of(
                        "postern.imap.host=mail.example.org", "postern.free-choice.enabled=true");

        assertThat(off.allows(chosen)).isFalse();
        assertThat(off.namedByCaller(chosen)).isFalse();
        assertThat(on.allows(chosen)).isTrue();
        assertThat(on.namedByCaller(chosen)).isTrue();
        assertThat(on.takesAccessTokens(chosen)).isFalse();
        assertThat(on.namedByCaller(new ImapServer("Mail.example.org", 993, Security.TLS)))
                .as("the operator's own")
                .isFalse();
        assertThat(on.allows(new ImapServer("imap.chosen.example", 993, Security.NONE))).isFalse();
        assertThat(on.allows(new ImapServer("imap.chosen.example", 25, Security.TLS))).isFalse();
        assertThat(on.allows(new ImapServer("127.0.0.1", 993, Security.TLS))).isFalse();
    }

    @Test
    void whatAPresetSaysHoldsForAConfiguredServerWithItsHost() {
        var servers = servers("servers.apple.host=imap.mail.me.com");

        assertThat(servers.disabledExtensions(ICLOUD)).containsExactly("QRESYNC");
        assertThat(servers.maxConnections(GMAIL, 100)).isEqualTo(15);
        assertThat(servers.longestSession(GMAIL)).contains(Duration.ofHours(1));
    }

    @Test
    void aConfiguredServerHasItsOwnLimits() {
        var servers = servers("presets=", WORK);
        var work = servers.named("work").orElseThrow();
        var lab = servers.named("lab").orElseThrow();

        assertThat(work.imap()).isEqualTo(new ImapServer("imap.work.example", 993, Security.TLS));
        assertThat(lab.imap()).isEqualTo(new ImapServer("lab.example", 1143, Security.NONE));
        assertThat(servers.maxConnections(work.imap(), 5)).isEqualTo(3);
        assertThat(servers.maxConnections(lab.imap(), 5)).isEqualTo(5);
        assertThat(servers.longestSession(lab.imap())).contains(Duration.ofMinutes(10));
        assertThat(servers.longestSession(work.imap())).isEmpty();
        assertThat(servers.disabledExtensions(lab.imap())).containsExactly("MOVE");
        assertThat(work.provider().signIn()).contains(SignIn.OAUTH);
        assertThat(lab.provider().signIn()).containsExactly(SignIn.PASSWORD);
    }

    @Test
    void anAccessTokenIsForServersThatAreTiedToItsIssuerAlone() {
        var servers = servers("presets=gmail,posteo", WORK);

        assertThat(servers.takesAccessTokens(GMAIL)).isTrue();
        assertThat(servers.takesAccessTokens(servers.named("work").orElseThrow().imap())).isTrue();
        assertThat(servers.takesAccessTokens(servers.named("lab").orElseThrow().imap())).isFalse();
        assertThat(servers.takesAccessTokens(servers.named("posteo").orElseThrow().imap()))
                .isFalse();
        assertThat(servers("presets=").takesAccessTokens(GMAIL)).isFalse();
        assertThat(
                        servers("imap.oauth-issuer=https://login.example")
                                .takesAccessTokens(
                                        new ImapServer("mail.example.org", 993, Security.TLS)))
                .isFalse();
    }

    @Test
    void theOperatorsFileAddsPresetsAndReplacesThem(@TempDir Path directory) throws IOException {
        var file =
                Files.writeString(
                        directory.resolve("more.yaml"),
                        """
                        presets:
                          gmail:
                            title: Our relay to Gmail
                            imap: {host: relay.example, port: 993, security: tls}
                            sign-in: [password]
                          house:
                            title: House
                            domains: [house.example]
                            imap: {host: imap.house.example, port: 993, security: tls}
                            sign-in: [password]
                        """);

        var servers = servers("presets=house,gmail", "presets-file=" + file.toUri());

        assertThat(servers.forUser("anne@house.example").name()).isEqualTo("house");
        assertThat(servers.allows(GMAIL)).isFalse();
        assertThat(servers.named("gmail").orElseThrow().imap().host()).isEqualTo("relay.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "presets=gmial | there is no preset 'gmial', only aol, fastmail",
                "servers.default.host=x.example | postern.servers.default",
                "servers.a.port=99 | host is missing",
                "presets-file=file:/nowhere.yaml | cannot be read"
            })
    void whatCannotBeUsedEndsTheStart(String property, String complaint) {
        assertThatThrownBy(() -> servers(property))
                .satisfies(failure -> {
                    var messages = new StringBuilder();
                    for (Throwable it = failure; it != null; it = it.getCause()) {
                        messages.append(it.getMessage()).append('\n');
                    }
                    assertThat(messages).contains(complaint);
                });
    }

    private static MailServers servers(String one, String... more) {
        return ConfiguredServers.of(
                Stream.concat(Stream.of(one), Arrays.stream(more)).toArray(String[]::new));
    }
}
