package postern.message.sync;

import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** What changed since a state cannot be told with certainty, so that the app has to list anew. */
final class StateExpired extends ProblemException {

    StateExpired(String detail) {
        super(ProblemCode.STATE_EXPIRED, detail + "; list the mailbox anew");
    }
}
