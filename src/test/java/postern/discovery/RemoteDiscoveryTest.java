package postern.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.testserver.FakeWeb.head;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.account.ImapServer;
import postern.account.Security;
import postern.egress.Deadline;
import postern.egress.DomainName;
import postern.egress.HttpsFetch;
import postern.egress.JndiDns;
import postern.provider.MailServers;
import postern.provider.SmtpServer;
import postern.testserver.FakeDns;
import postern.testserver.FakeWeb;

/** Each step against a DNS server and a web server of the test's own. */
class RemoteDiscoveryTest {

    private static final String PUBLIC = "93.184.216.34";
    private static final DomainName HOUSE = new DomainName("house.example");
    private static final String FIRST = "autoconfig.house.example/mail/config-v1.1.xml";
    private static final String SECOND =
            "house.example/.well-known/autoconfig/mail/config-v1.1.xml";

    private static final FakeWeb WEB =
            FakeWeb.start(
                    "autoconfig.house.example",
                    "house.example",
                    "autoconfig.host.example",
                    "host.example");

    private final CountDownLatch ended = new CountDownLatch(1);
    private final FakeDns dns = FakeDns.start();
    private final List<InetAddress> dialled = new CopyOnWriteArrayList<>();
    private final RemoteDiscovery discovery = discovery();

    @AfterEach
    void stop() {
        ended.countDown();
        dns.close();
        for (var url : List.of(FIRST, SECOND)) {
            WEB.answers(url, head("404 Not Found", "Content-Length: 0"));
        }
    }

    @AfterAll
    static void stopWeb() {
        WEB.close();
    }

    @Test
    void theAutoconfigHostIsAskedFirst() throws IOException {
        dns.host("autoconfig.house.example", PUBLIC);
        WEB.file(FIRST, AutoconfigTest.WHOLE);

        assertThat(foreign().imap().host()).isEqualTo("imap.house.example");
        assertThat(foreign().source()).isEqualTo(FoundServers.Source.AUTOCONFIG);
        assertThat(dns.questions())
                .containsOnly("A autoconfig.house.example", "AAAA autoconfig.house.example");
    }

    @Test
    void theWellKnownUrlIsAskedSecond() throws IOException {
        dns.host("autoconfig.house.example", PUBLIC).host("house.example", "2606:4700::1111");
        WEB.file(SECOND, AutoconfigTest.WHOLE);

        assertThat(foreign().imap().host()).isEqualTo("imap.house.example");
        assertThat(dialled).hasSize(2);
    }

    @Test
    void srvRecordsAreAskedThird() throws IOException {
        dns.services(
                        "_imaps._tcp.house.example",
                        "10 5 993 worse.house.example",
                        "1 1 993 weak.house.example",
                        "1 9 1993 best.house.example")
                .services("_imap._tcp.house.example", "0 1 143 plain.house.example")
                .services("_submission._tcp.house.example", "0 1 587 out.house.example");

        assertThat(foreign().imap())
                .isEqualTo(new ImapServer("best.house.example", 1993, Security.TLS));
        assertThat(foreign().smtp())
                .isEqualTo(new SmtpServer("out.house.example", 587, Security.STARTTLS));
        assertThat(foreign().source()).isEqualTo(FoundServers.Source.SRV);
    }

    @Test
    void aTargetOfADotMeansThatAServiceIsNotOffered() throws IOException {
        dns.services("_imaps._tcp.house.example", "0 0 0 .")
                .services("_imap._tcp.house.example", "0 1 143 plain.house.example");
        assertThat(foreign().imap())
                .isEqualTo(new ImapServer("plain.house.example", 143, Security.STARTTLS));

        dns.services("_imap._tcp.house.example", "0 0 0 .")
                .mailExchangers("house.example", "10 aspmx.l.google.com");
        assertThat(find()).isEmpty();
        assertThat(dns.questions()).doesNotContain("MX house.example");
    }

    @Test
    void aTargetThatIsAnAddressOrAnInternalNameIsNoServer() throws IOException {
        dns.services("_imaps._tcp.house.example", "0 0 993 127.0.0.1", "0 0 993 db.internal");

        assertThat(find()).isEmpty();
    }

    @Test
    void theMxHostTellsTheProvider() throws IOException {
        dns.mailExchangers("house.example", "20 mx2.other.example", "10 ASPMX.L.Google.com");

        assertThat(find())
                .hasValueSatisfying(found -> {
                    assertThat(found.source()).isEqualTo(FoundServers.Source.MX);
                    assertThat(((FoundServers.Known) found).server().name()).isEqualTo("gmail");
                });
        assertThat(dialled).isEmpty();
    }

    @Test
    void anUnknownMxHostsDomainIsAskedForItsAutoconfig() throws IOException {
        dns.mailExchangers("house.example", "10 mx.host.example")
                .host("autoconfig.host.example", PUBLIC);
        WEB.file(
                "autoconfig.host.example/mail/config-v1.1.xml",
                AutoconfigTest.WHOLE.replace("imap.house", "imap.host"));

        assertThat(foreign().imap().host()).isEqualTo("imap.host.example");
        assertThat(foreign().smtp()).isNotNull();
        assertThat(foreign().smtp().host()).isEqualTo("smtp.house.example");
    }

    @Test
    void aServerThatTheGatewayKnowsIsRecognisedWhoeverNamesIt() throws IOException {
        dns.services("_imaps._tcp.house.example", "0 0 993 imap.fastmail.com");

        assertThat(find())
                .hasValueSatisfying(found -> {
                    assertThat(found.source()).isEqualTo(FoundServers.Source.SRV);
                    assertThat(((FoundServers.Known) found).server().name()).isEqualTo("fastmail");
                });
    }

    @Test
    void aDomainThatTellsNothingIsNotFound() throws IOException {
        assertThat(find()).isEmpty();
    }

    @Test
    void aPrivateAddressIsNotDialledAndTheNextStepFollows() throws IOException {
        dns.host("autoconfig.house.example", "169.254.169.254")
                .host("house.example", "::ffff:10.0.0.1")
                .services("_imaps._tcp.house.example", "0 0 993 best.house.example");

        assertThat(foreign().imap().host()).isEqualTo("best.house.example");
        assertThat(dialled).isEmpty();
    }

    @Test
    void aRedirectOrAHostileFileIsNothingAndTheNextStepFollows() throws IOException {
        dns.host("autoconfig.house.example", PUBLIC)
                .host("house.example", PUBLIC)
                .host("evil.example", "127.0.0.1")
                .services("_imaps._tcp.house.example", "0 0 993 best.house.example");
        WEB.answers(FIRST, head("302 Found", "Location: https://evil.example/"));
        WEB.file(SECOND, "<!DOCTYPE x [<!ENTITY a 'b'>]>" + AutoconfigTest.WHOLE);

        assertThat(foreign().imap().host()).isEqualTo("best.house.example");
        assertThat(dns.questions()).doesNotContain("A evil.example");
    }

    @Test
    void aFileThatIsTooLargeIsNothing() throws IOException {
        dns.host("autoconfig.house.example", PUBLIC);
        WEB.file(FIRST, AutoconfigTest.WHOLE + " ".repeat(65_000));

        assertThat(find()).isEmpty();
    }

    @Test
    @Timeout(30)
    void aSlowHostEndsTheSearchWithTheBudget() {
        dns.host("autoconfig.house.example", PUBLIC);
        WEB.answers(FIRST, _ -> ended.await());

        assertThatThrownBy(() -> discovery.find(HOUSE, Deadline.in(Duration.ofMillis(800))))
                .isInstanceOf(IOException.class);
    }

    @Test
    @Timeout(60)
    void aSilentDnsServerEndsTheSearchWithTheBudget() {
        dns.silent();

        assertThatThrownBy(() -> discovery.find(HOUSE, Deadline.in(Duration.ofMillis(800))))
                .isInstanceOf(IOException.class);
    }

    private FoundServers.Foreign foreign() throws IOException {
        return (FoundServers.Foreign) find().orElseThrow();
    }

    private Optional<FoundServers> find() throws IOException {
        return discovery.find(HOUSE, Deadline.in(Duration.ofSeconds(20)));
    }

    private RemoteDiscovery discovery() {
        var records = new JndiDns(dns.address());
        var web =
                new HttpsFetch(
                        records,
                        (address, _, _) -> {
                            dialled.add(address);
                            return new Socket(InetAddress.getLoopbackAddress(), WEB.port());
                        },
                        WEB.trusting());
        var servers = MailServers.only(new ImapServer("mail.example.org", 993, Security.TLS));
        return new RemoteDiscovery(records, web, servers);
    }
}
