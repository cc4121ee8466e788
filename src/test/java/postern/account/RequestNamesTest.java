package postern.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestNamesTest {

    private static final String OLD = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=";
    private static final String NEW = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static List<String> names(
            List<String> keys, Account account, String route, String key) {
        var seal = new TokenSeal(new SessionProperties(keys, Duration.ofHours(1)));
        return new RequestNames(seal).of(account, route, key);
    }

    private static Account account(String host, String user, String password) {
        return new Account(new ImapServer(host, 993, Security.TLS), user, new Password(password));
    }

    private static List<String> usual(String... keys) {
        return names(
                List.of(keys), account("mail.example.org", "anne", "one"), "POST /v1/send", "k");
    }

    @Test
    void replicasAgreeWhateverTheCredential() {
        assertThat(usual(OLD))
                .isEqualTo(
                        names(
                                List.of(OLD),
                                account("MAIL.example.org", "anne", "other"),
                                "POST /v1/send",
                                "k"))
                .singleElement()
                .asString()
                .hasSize(40);
    }

    @Test
    void everythingElseMakesAnotherName() {
        var anne = account("mail.example.org", "anne", "one");
        var keys = List.of(OLD);

        assertThat(
                        List.of(
                                usual(OLD),
                                usual(NEW),
                                names(keys, anne, "POST /v1/send", "K"),
                                names(keys, anne, "POST /v2/send", "k"),
                                names(
                                        keys,
                                        account("mail.example.org", "bert", "one"),
                                        "POST /v1/send",
                                        "k"),
                                names(
                                        keys,
                                        account("mail.example.net", "anne", "one"),
                                        "POST /v1/send",
                                        "k")))
                .doesNotHaveDuplicates();
    }

    @Test
    void aNameIsKnownAsLongAsTheKeyIsThatMadeIt() {
        assertThat(usual(NEW, OLD)).containsExactly(usual(NEW).getFirst(), usual(OLD).getFirst());
        assertThat(usual(OLD, NEW).getFirst()).isEqualTo(usual(OLD).getFirst());
    }
}
