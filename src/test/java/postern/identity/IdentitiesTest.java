package postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SubmissionLogin;
import postern.provider.MailServers;

class IdentitiesTest {

    private static final ImapServer SERVER = new ImapServer("mail.example.org", 993, Security.TLS);

    private static Identities allowing(String... allowed) {
        return new Identities(new SubmissionPolicy(List.of(allowed)), MailServers.only(SERVER));
    }

    private static Account user(String name) {
        return new Account(SERVER, name, new Password("secret"));
    }

    private static List<String> addresses(Identities identities, Account account) {
        return identities.of(account).stream().map(Identity::address).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "anne@example.org, anne@example.org, true",
        "anne@example.org, ANNE@EXAMPLE.ORG, true",
        "anne@example.org, anne+shop@example.org, true",
        "anne@example.org, anne@example.net, false",
        "anne@example.org, xanne@example.org, false",
        "anne+x@example.org, anne@example.org, false",
        "anne, anne@example.net, true",
        "anne, anne+x@example.net, true",
        "anne, annex@example.net, false",
        "anne@example.org, support@example.com, true",
        "anne@example.org, support+x@example.com, false",
        "anne@example.org, anybody@example.edu, true",
        "anne@example.org, anybody@sub.example.edu, false",
        "anne@example.org, x@xn--bcher-kva.example, true",
        "anne@example.org, nobody, false",
        "anne@example.org, @example.edu, false"
    })
    void decidesAsWhomAUserMaySend(String user, String address, boolean allowed) {
        var identities =
                allowing(
                        " Support <Support@Example.com>",
                        "@Example.EDU",
                        "@b\u00fccher.example",
                        "no address");

        assertThat(identities.allows(user(user), address)).isEqualTo(allowed);
    }

    @Test
    void tellsWhatItAllows() {
        var identities = allowing("Support Team <support@example.com>", "@example.edu", "*");

        assertThat(addresses(identities, user("anne@example.org")))
                .containsExactly("anne@example.org", "support@example.com", "*@example.edu", "*@*");
        assertThat(addresses(identities, user("anne"))).startsWith("anne@*");
        assertThat(identities.of(user("anne")).get(1).name()).isEqualTo("Support Team");
        assertThat(identities.allows(user("anne"), "ceo@bank.example")).isTrue();
        assertThat(identities.own(user("anne"), "ceo@bank.example")).isFalse();
    }

    @Test
    void aCredentialForSendingAloneIsAnAddressToo() {
        var account =
                user("anne@example.org")
                        .sendingAs(new SubmissionLogin("box@example.net", new Password("x")));

        assertThat(addresses(allowing(), account))
                .containsExactly("anne@example.org", "box@example.net");
        assertThat(allowing().allows(account, "box@example.net")).isTrue();
    }

    @Test
    void aMessageIsFromTheFirstSingleAddress() {
        assertThat(standard(allowing("@example.org", "b@example.org"), "anne"))
                .isEqualTo("b@example.org");
        assertThat(standard(allowing("b@example.org"), "anne@example.org"))
                .isEqualTo("anne@example.org");
        assertThat(standard(allowing("*"), "anne")).isNull();
    }

    private static @Nullable String standard(Identities identities, String user) {
        var standard = identities.standard(user(user));
        return standard == null ? null : standard.address();
    }

    @Test
    void theUsersOwnAddressCountsMostAmongThoseWrittenTo() {
        var identities = allowing("Support <support@example.org>", "@example.org");
        var anne = user("anne@example.org");

        assertThat(writtenTo(identities, anne, List.of("support@example.org", "Anne@example.org")))
                .isEqualToIgnoringCase("anne@example.org");
        assertThat(writtenTo(identities, anne, List.of("bob@example.org", "support@example.org")))
                .isEqualTo("support@example.org");
        assertThat(writtenTo(identities, anne, List.of("bob@example.org"))).isNull();
        assertThat(
                        writtenTo(
                                identities,
                                anne,
                                List.of("list@example.net"),
                                List.of("support@example.org")))
                .isEqualTo("support@example.org");
    }

    @Test
    void aUserNameWithoutADomainIsKnownByOneAddressAlone() {
        var info = user("info");

        assertThat(writtenTo(allowing(), info, List.of("info@example.org", "b@example.net")))
                .isEqualTo("info@example.org");
        assertThat(writtenTo(allowing(), info, List.of("info@example.org", "info@example.net")))
                .isNull();
    }

    @SafeVarargs
    private static @Nullable String writtenTo(
            Identities identities, Account account, List<String>... groups) {
        var found = identities.writtenTo(account, List.of(groups));
        return found == null ? null : Objects.requireNonNull(found.address());
    }
}
