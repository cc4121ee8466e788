package postern.web.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToldHostsTest {

    @Test
    void spansNameTheHostsOfTheOperatorAndNotThoseOfCallers() {
        try (var gateway =
                new TracedGateway(
                        TracedGateway.ON,
                        "--postern.free-choice.enabled=true",
                        "--postern.submission.host=smtp.example.org",
                        "--postern.servers.work.host=imap.work.example",
                        "--postern.servers.work.submission.host=smtp.work.example",
                        "--postern.servers.work.oauth-issuer=https://issuer.work.example",
                        "--postern.oauth.clients.work.client-id=id",
                        "--postern.oauth.clients.work.client-secret=secret",
                        "--postern.oauth.clients.work.redirect-uris=https://app.example.org/in",
                        "--postern.oauth.clients.work.scopes=imap",
                        "--postern.oauth.clients.work.authorization-endpoint=https://login.work.example/",
                        "--postern.oauth.clients.work.token-endpoint=https://token.work.example/",
                        "--postern.oauth.clients.work.revocation-endpoint=https://revoke.work.example/")) {
            var filter = gateway.context().getBean(TraceFilter.class);

            assertThat(
                            new String[] {
                                "127.0.0.1",
                                "smtp.example.org",
                                "IMAP.work.example",
                                "smtp.work.example",
                                "token.work.example",
                                "revoke.work.example"
                            })
                    .allSatisfy(host -> assertThat(filter.told(host)).isEqualTo(host));
            assertThat(filter.told("imap.users-own.example")).isEqualTo("named-by-caller");
        }
    }
}
