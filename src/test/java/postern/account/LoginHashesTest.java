package postern.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import postern.imap.ImapException.AccessTokenRefused;
import postern.imap.RefusedTokens;
import postern.shared.InMemorySharedState;

/** By what names replicas share what they know of a login. */
class LoginHashesTest {

    private static final String OLD = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=";
    private static final String NEW = "b2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=";
    private static final ImapServer SERVER = new ImapServer("imap.example.org", 993, Security.TLS);

    private static LoginHashes replica(String... keys) {
        var seal = new TokenSeal(new SessionProperties(List.of(keys), Duration.ofHours(1)));
        var beans = new StaticListableBeanFactory(Map.of("seal", seal));
        return new LoginHashes(beans.getBeanProvider(TokenSeal.class));
    }

    private static Account anne(String token) {
        return new Account(SERVER, "anne", AccessToken.of(token, null));
    }

    @Test
    void replicasWithTheSameKeysUseTheSameNamesAlsoWhileAKeyIsReplaced() {
        var name = replica(OLD).ofCredential(anne("t"));

        assertThat(replica(OLD).ofCredential(anne("t"))).isEqualTo(name);
        assertThat(replica(NEW, OLD).ofCredential(anne("t"))).isEqualTo(name);
        assertThat(replica(NEW).ofCredential(anne("t"))).isNotEqualTo(name);
        assertThat(replica(OLD).ofParts("a", "bc")).isNotEqualTo(replica(OLD).ofParts("ab", "c"));
    }

    @Test
    void withoutKeysNobodyElseCanTryOutWhoseNameItIs() {
        assertThat(replica().ofCredential(anne("t")))
                .isNotEqualTo(replica().ofCredential(anne("t")));
    }

    @Test
    void aTokenThatOneReplicaSawRefusedIsNotSentByAnother() {
        var clock = InstantSource.system();
        var state = new InMemorySharedState(clock);
        var one = new RefusedTokens(replica(OLD), state, clock);
        var other = new RefusedTokens(replica(OLD), state, clock);

        one.add(anne("t"), new AccessTokenRefused("expired", null));

        assertThatThrownBy(() -> other.check(anne("t"))).isInstanceOf(AccessTokenRefused.class);
        other.check(anne("another"));
    }
}
