package postern.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import postern.account.ImapServer;
import postern.account.Security;

class KnownSubmissionServersTest {

    private static final ImapServer DEFAULT = new ImapServer("imap.example.org", 993, Security.TLS);

    @Test
    void theDefaultServerHasItsOwn() {
        var servers =
                KnownServers.of(
                        "postern.imap.host=imap.example.org",
                        "postern.submission.host=smtp.example.org",
                        "postern.submission.sent-copy=server");

        var smtp = new SmtpServer("smtp.example.org", 465, Security.TLS);
        assertThat(servers.submission(DEFAULT)).contains(smtp);
        assertThat(servers.sentCopy(smtp)).contains(SentCopy.SERVER);
    }

    @Test
    void aFurtherServerHasItsOwn() {
        var servers =
                KnownServers.of(
                        "postern.imap.host=imap.example.org",
                        "postern.servers.work.host=imap.work.example",
                        "postern.servers.work.submission.host=smtp.work.example",
                        "postern.servers.work.submission.security=starttls");

        var work = new ImapServer("imap.work.example", 993, Security.TLS);
        var smtp = new SmtpServer("smtp.work.example", 587, Security.STARTTLS);
        assertThat(servers.submission(work)).contains(smtp);
        assertThat(servers.sentCopy(smtp)).isEmpty();
        assertThat(servers.submission(DEFAULT)).isEmpty();
    }

    @Test
    void aPresetKnowsItsOwnAndWhoFiles() {
        var servers =
                KnownServers.of("postern.imap.host=imap.example.org", "postern.presets=gmail");

        var gmail = servers.named("gmail").orElseThrow();
        var smtp = servers.submission(gmail.imap()).orElseThrow();
        assertThat(smtp.host()).isEqualTo("smtp.gmail.com");
        assertThat(servers.sentCopy(smtp)).contains(SentCopy.SERVER);
    }
}
