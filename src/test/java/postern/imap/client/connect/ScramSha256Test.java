package postern.imap.client.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.ImapException;

/** SCRAM-SHA-256 with a server that computes its own side. */
class ScramSha256Test {

    private static final byte[] SALT = "sixteen octets..".getBytes(UTF_8);
    private static final ImapServer ADDRESS =
            new ImapServer("imap.example.org", 143, Security.NONE);

    @Test
    void bothSidesProveThatTheyKnowThePassword() {
        var scram = scram("anne", "öffne dich \ud83d\ude00");
        var server = new Server(scram.initialResponse(), "öffne dich \ud83d\ude00", 4096);

        var proof = scram.answer(server.first());

        assertThat(server.accepts(proof)).isTrue();
        assertThat(scram.answer(server.last(proof))).isEmpty();
        assertThatCode(scram::accepted).doesNotThrowAnyException();
    }

    @Test
    void aWrongPasswordIsNotAccepted() {
        var scram = scram("anne", "guessed");
        var server = new Server(scram.initialResponse(), "secret", 4096);

        assertThat(server.accepts(scram.answer(server.first()))).isFalse();
        assertThat(scram.answer("e=invalid-proof")).isEmpty();
    }

    @Test
    void theUserToActForIsNamed() {
        var account = new Account(ADDRESS, "support", new Password("secret"), "anne");

        assertThat(new ScramSha256(account, new Password("secret")).initialResponse())
                .startsWith("n,a=support,n=anne,r=");
    }

    @Test
    void aServerThatAcceptsWithoutAProofIsNotTrusted() {
        var scram = scram("anne", "secret");
        assertThatThrownBy(scram::accepted).isInstanceOf(ImapException.ProtocolError.class);

        scram.answer(new Server(scram.initialResponse(), "secret", 4096).first());
        assertThatThrownBy(scram::accepted).isInstanceOf(ImapException.ProtocolError.class);
    }

    @Test
    void aServerThatDoesNotKnowThePasswordIsNotTrusted() {
        var scram = scram("anne", "secret");
        var server = new Server(scram.initialResponse(), "another", 4096);
        var proof = scram.answer(server.first());

        assertThatThrownBy(() -> scram.answer(server.last(proof)))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, ScramSha256.LEAST_ITERATIONS - 1, ScramSha256.MOST_ITERATIONS + 1})
    void aServerCannotDemandFewerOrMoreRoundsThanTheBounds(int iterations) {
        var scram = scram("anne", "secret");
        var first = new Server(scram.initialResponse(), "secret", 1).first(iterations);

        assertThatThrownBy(() -> scram.answer(first))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r=", "r=other,s=c2FsdA==,i=4096", "s=,i=,r=", "v=AAAA", "i=1"})
    void nonsenseIsAProtocolError(String challenge) {
        var scram = scram("anne", "secret");
        scram.initialResponse();

        assertThatThrownBy(() -> scram.answer(challenge))
                .isInstanceOf(ImapException.ProtocolError.class);
    }

    private static ScramSha256 scram(String user, String password) {
        var secret = new Password(password);
        return new ScramSha256(new Account(ADDRESS, user, secret), secret);
    }

    /** The server's side of one login. */
    private static final class Server {

        private static final ScramMechanism SHA_256 = ScramMechanism.SCRAM_SHA_256;

        private final String clientFirst;
        private final byte[] salted;
        private final int iterations;

        Server(String clientFirst, String password, int iterations) {
            this.clientFirst = clientFirst.substring(clientFirst.indexOf("n=", 2));
            this.iterations = iterations;
            this.salted =
                    ScramFunctions.saltedPassword(
                            SHA_256,
                            StringPreparation.POSTGRESQL_PREPARATION,
                            password.toCharArray(),
                            SALT,
                            iterations);
        }

        String first() {
            return first(iterations);
        }

        String first(int rounds) {
            var nonce = clientFirst.substring(clientFirst.indexOf("r=") + 2);
            return "r=%s%s,s=%s,i=%d".formatted(nonce, "server", base64(SALT), rounds);
        }

        boolean accepts(String clientFinal) {
            var proof = Base64.getDecoder().decode(clientFinal.substring(at(clientFinal) + 3));
            var storedKey =
                    ScramFunctions.storedKey(SHA_256, ScramFunctions.clientKey(SHA_256, salted));
            return ScramFunctions.verifyClientProof(
                    SHA_256, proof, storedKey, message(clientFinal));
        }

        String last(String clientFinal) {
            var serverKey = ScramFunctions.serverKey(SHA_256, salted);
            return "v="
                    + base64(
                            ScramFunctions.serverSignature(
                                    SHA_256, serverKey, message(clientFinal)));
        }

        private String message(String clientFinal) {
            return clientFirst + "," + first() + "," + clientFinal.substring(0, at(clientFinal));
        }

        private static int at(String clientFinal) {
            return clientFinal.indexOf(",p=");
        }

        private static String base64(byte[] octets) {
            return Base64.getEncoder().encodeToString(octets);
        }
    }
}
