package postern.thread;

import postern.web.problem.InvalidRequest;

/** Which threads of a mailbox are asked for. */
record ThreadQuery(int limit, ThreadScope scope, ThreadFilter filter) {

    /** Each of them takes several messages to describe. */
    static final int MOST = 200;

    ThreadQuery {
        if (limit < 1 || limit > MOST) {
            throw InvalidRequest.parameter("limit", "must be from 1 to " + MOST);
        }
    }
}
