package postern.account;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What {@code postern.session.keys} holds is no key. Its message does not show it. */
final class UnusableSessionKey extends IllegalArgumentException {

    UnusableSessionKey() {
        super("postern.session.keys holds something that is not 32 octets in base64");
    }

    /** Says in a few lines what to do, in the place of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnusableSessionKey> {

        @Override
        protected FailureAnalysis analyze(Throwable failure, UnusableSessionKey cause) {
            return new FailureAnalysis(
                    String.valueOf(cause.getMessage()),
                    "Make one with `openssl rand -base64 32`. Several keys are separated by commas;"
                            + " the first one seals.",
                    cause);
        }
    }
}
