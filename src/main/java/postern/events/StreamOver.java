package postern.events;

import postern.imap.ImapException;
import postern.web.problem.ProblemCode;

/** The session has ended, or its credential is not accepted any more. */
final class StreamOver extends RuntimeException {

    private final ProblemCode code;

    StreamOver(ProblemCode code) {
        super(code.toString(), null, false, false);
        this.code = code;
    }

    ProblemCode code() {
        return code;
    }

    /** Throws it where the mail server does not accept the credential. */
    static void throwIfRefused(ImapException failure) {
        switch (failure) {
            case ImapException.AuthenticationFailed _,
                    ImapException.AccessTokenRefused _,
                    ImapException.SignInEnded _ ->
                    throw new StreamOver(ProblemCode.of(failure));
            default -> {
                // a later try may succeed
            }
        }
    }
}
