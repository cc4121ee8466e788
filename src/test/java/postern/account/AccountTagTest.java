package postern.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountTagTest {

    private static final AccountTag ADA = tag("imap.example.org", 993, "ada");

    @Test
    void isTheSameForEveryGateway() {
        assertThat(ADA).isEqualTo(new AccountTag((short) 0x910d));
    }

    @Test
    void tellsServersPortsAndLoginNamesApart() {
        assertThat(ADA)
                .isNotEqualTo(tag("imap.example.com", 993, "ada"))
                .isNotEqualTo(tag("imap.example.org", 143, "ada"))
                .isNotEqualTo(tag("imap.example.org", 993, "ada@example.org"));
    }

    @Test
    void isTheSameHoweverTheHostAndTheConnectionAreWritten() {
        assertThat(tag("IMAP.Example.ORG", 993, "ada")).isEqualTo(ADA);
        var plain =
                new Account(
                        new ImapServer("imap.example.org", 993, Security.NONE),
                        "ada",
                        new Password("another"));
        assertThat(AccountTag.of(plain)).isEqualTo(ADA);
    }

    private static AccountTag tag(String host, int port, String user) {
        return AccountTag.of(
                new Account(
                        new ImapServer(host, port, Security.TLS), user, new Password("secret")));
    }
}
