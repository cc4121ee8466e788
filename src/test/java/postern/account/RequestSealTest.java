package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static postern.account.RequestSeals.NEW;
import static postern.account.RequestSeals.OLD;

import org.junit.jupiter.api.Test;

class RequestSealTest {

    private static final byte[] CONTENT = "the answer".getBytes(UTF_8);

    @Test
    void everyReplicaWithTheKeyOpensIt() {
        var sealed = RequestSeals.of(OLD).seal("name", CONTENT);

        assertThat(new String(sealed, UTF_8)).doesNotContain("answer");
        assertThat(RequestSeals.of(NEW, OLD).open("name", sealed)).contains(CONTENT);
        assertThat(RequestSeals.of(NEW).open("name", sealed)).isEmpty();
    }

    @Test
    void itIsOfOneRequestAndUndamaged() {
        var seal = RequestSeals.of(OLD);
        var sealed = seal.seal("name", CONTENT);

        assertThat(seal.open("other", sealed)).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(seal.open("name", sealed)).isEmpty();
        assertThat(seal.open("name", new byte[3])).isEmpty();
    }
}
