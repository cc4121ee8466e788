package postern.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import postern.account.LoginHashes;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.smtp.SmtpException.LoginRefused;
import postern.smtp.SmtpReply;
import postern.smtp.Submitter;

/** The grants whose access tokens a submission server has refused lately, and its answer. */
final class RefusedGrants {

    private static final Duration MEMORY = Duration.ofMinutes(5);
    private static final int CODE_DIGITS = 3;

    private final LoginHashes logins;
    private final SharedState state;

    RefusedGrants(LoginHashes logins, SharedState state) {
        this.logins = logins;
        this.state = state;
    }

    /** Throws LoginRefused for one of them. */
    void check(Submitter submitter) {
        var refusal = state.get(SharedArea.REFUSED_TOKENS, name(submitter));
        if (refusal != null) {
            var status = new String(refusal, UTF_8);
            throw new LoginRefused(
                    SmtpReply.of(
                            Integer.parseInt(status, 0, CODE_DIGITS, 10),
                            status.substring(CODE_DIGITS).strip()));
        }
    }

    void add(Submitter submitter, LoginRefused refused) {
        state.put(
                SharedArea.REFUSED_TOKENS,
                name(submitter),
                refused.reply().status().getBytes(UTF_8),
                MEMORY);
    }

    private String name(Submitter submitter) {
        return logins.ofCredential(submitter.account());
    }
}
