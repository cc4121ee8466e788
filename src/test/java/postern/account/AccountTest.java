package postern.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class AccountTest {

    private static final ImapServer SERVER = new ImapServer("imap.example.org", 993, Security.TLS);
    private static final AccessToken TOKEN = AccessToken.of("token", null);

    @Test
    void whoHasThePasswordSharesWhatIsCachedForTheUser() {
        assertThat(account("anne", new Password("old"), "anne").cacheOwner())
                .isEqualTo(account("anne", new Password("new"), "anne").cacheOwner());
    }

    @Test
    void whoNamesAUserWithoutProofDoesNot() {
        var anne = account("anne", new Password("x"), "anne").cacheOwner();
        var acting = account("anne", new Password("x"), "mallory").cacheOwner();
        var holder = account("anne", TOKEN, "anne").cacheOwner();
        var other = account("anne", AccessToken.of("other", null), "anne").cacheOwner();

        assertThat(anne).isNotIn(acting, holder, other);
        assertThat(acting).isNotIn(holder, other);
        assertThat(holder).isNotEqualTo(other);
    }

    @Test
    void theCachesOfBothAreKeptApart() {
        var anne = account("anne", new Password("x"), "anne");
        var holder = account("anne", TOKEN, "anne");

        assertThat(AccountKey.ofCached(holder)).isNotEqualTo(AccountKey.ofCached(anne));
        assertThat(AccountKey.of(holder)).isEqualTo(AccountKey.of(anne));
    }

    @Test
    void theNextTokenOfASessionFindsWhatIsCached() {
        assertThat(account("anne", TOKEN.replacedBy("next", null), "anne").cacheOwner())
                .isEqualTo(account("anne", TOKEN, "anne").cacheOwner());
    }

    @Test
    void neitherNameCanEndALine() {
        assertThatIllegalArgumentException().isThrownBy(() -> account("a\nb", TOKEN, "anne"));
        assertThatIllegalArgumentException().isThrownBy(() -> account("anne", TOKEN, "a\r"));
        assertThatIllegalArgumentException().isThrownBy(() -> account("anne", TOKEN, ""));
    }

    private static Account account(String user, Credential credential, String login) {
        return new Account(SERVER, user, credential, login);
    }
}
