package postern.web.idempotency;

import java.time.Duration;
import postern.web.problem.ProblemCode;
import postern.web.problem.TooManyRequests;

/** No further key can be remembered, so that the request is not carried out. */
final class NoRoomForKeys extends TooManyRequests {

    private static final long serialVersionUID = 1;

    private static final Duration LATER = Duration.ofMinutes(1);

    /**
     * @param ofAccount whether only the share of the account is used up
     */
    NoRoomForKeys(boolean ofAccount) {
        super(
                ofAccount ? ProblemCode.TOO_MANY_REQUESTS : ProblemCode.KEYS_FULL,
                ofAccount
                        ? "this account has used too many `%s` lately"
                                .formatted(IdempotencyKeys.HEADER)
                        : "no further `%s` can be remembered now".formatted(IdempotencyKeys.HEADER),
                LATER);
    }
}
