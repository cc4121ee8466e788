package postern.account;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A value of {@code postern.session.keys} is not a valid key. The message does not contain it. */
final class UnusableSessionKey extends IllegalArgumentException {

    UnusableSessionKey() {
        super("postern.session.keys holds something that is not 32 octets in base64");
    }

    /** Explains at startup what to do, instead of a stack trace. */
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
