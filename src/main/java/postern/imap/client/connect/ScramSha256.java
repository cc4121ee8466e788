package postern.imap.client.connect;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramServerErrorException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Password;
import postern.imap.ImapException;

/**
 * SCRAM-SHA-256 (RFC 7677): the password does not cross the wire, and the server proves that it
 * knows it too.
 */
final class ScramSha256 implements SaslMechanism {

    static final String NAME = "SCRAM-SHA-256";

    /**
     * RFC 7677 §4. With fewer, who pretends to be the server could guess the password from a proof.
     */
    static final int LEAST_ITERATIONS = 4_096;

    /** Upper bound on the rounds that the server demands; each costs some processor time. */
    static final int MOST_ITERATIONS = 600_000;

    private final ScramClient client;
    private Next next = Next.SALT;

    /** What the server sends next. */
    private enum Next {
        SALT,
        PROOF,
        NOTHING
    }

    ScramSha256(Account account, Password password) {
        var builder =
                ScramClient.builder()
                        .advertisedMechanisms(List.of(NAME))
                        .username(account.login())
                        .password(password.value().toCharArray())
                        // SASLprep (RFC 4013), except for characters that it does not know yet
                        .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION);
        this.client =
                account.actsForAnother()
                        ? builder.authzid(account.user()).build()
                        : builder.build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String initialResponse() {
        return client.clientFirstMessage().toString();
    }

    @Override
    public String answer(String challenge) {
        try {
            return switch (next) {
                case SALT -> proof(challenge);
                case PROOF -> checked(challenge);
                case NOTHING -> throw invalid(null);
            };
        } catch (ScramServerErrorException _) {
            return ""; // its NO follows
        } catch (ScramException | IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    private String proof(String challenge) throws ScramException {
        int iterations = client.serverFirstMessage(challenge).getIterationCount();
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw invalid(null);
        }
        next = Next.PROOF;
        return client.clientFinalMessage().toString();
    }

    private String checked(String challenge) throws ScramException {
        client.serverFinalMessage(challenge);
        next = Next.NOTHING;
        return "";
    }

    @Override
    public void accepted() {
        if (next != Next.NOTHING) {
            throw new ImapException.ProtocolError(
                    "the mail server does not prove that it knows the password", null, null);
        }
    }

    private static ImapException invalid(@Nullable Exception cause) {
        return new ImapException.ProtocolError(
                "the mail server's part of SCRAM-SHA-256 is invalid", null, cause);
    }
}
