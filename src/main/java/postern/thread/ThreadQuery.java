package postern.thread;

import postern.web.problem.InvalidRequest;

/** The parameters of a thread list request. */
record ThreadQuery(int limit, ThreadScope scope, ThreadFilter filter) {

    /** Lower than for messages, because each thread needs several messages. */
    static final int MOST = 200;

    ThreadQuery {
        if (limit < 1 || limit > MOST) {
            throw InvalidRequest.parameter("limit", "must be from 1 to " + MOST);
        }
    }
}
