package postern.web;

import org.springframework.http.HttpHeaders;
import postern.account.Account;
import postern.account.Scope;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** The token of the request lacks a scope. */
public final class ScopeMissing extends ProblemException {

    private final String challenge;

    private ScopeMissing(String detail, String challenge) {
        super(ProblemCode.SCOPE_MISSING, detail);
        this.challenge = challenge;
    }

    /** For a scope that an operation needs only for some requests. */
    public static void require(Account account, Scope scope) {
        if (!account.limits().permits(scope)) {
            throw new ScopeMissing(
                    "the token lacks the scope `%s`".formatted(scope.id()),
                    ", scope=\"%s\"".formatted(scope.id()));
        }
    }

    static ScopeMissing narrowed() {
        return new ScopeMissing("a narrowed token may not do this", "");
    }

    /** RFC 6750 §3.1. */
    @Override
    public HttpHeaders headers() {
        var headers = new HttpHeaders();
        headers.set(
                HttpHeaders.WWW_AUTHENTICATE,
                "Bearer realm=\"postern\", error=\"insufficient_scope\"" + challenge);
        return headers;
    }
}
