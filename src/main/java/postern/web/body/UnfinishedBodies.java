package postern.web.body;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.account.AccountKey;
import postern.login.FailedLogins;
import postern.web.Caller;
import postern.web.CallerResolver;
import postern.web.ClientAddress;
import postern.web.body.BodyShares.Owner;
import postern.web.problem.Problem;
import postern.web.problem.ProblemException;
import postern.web.problem.ProblemWriter;

/**
 * Refuses a request with a body where too many others are in the middle of theirs: each of them
 * keeps buffers, and clients that stop halfway would otherwise fill the heap.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
final class UnfinishedBodies extends OncePerRequestFilter {

    private final BodyShares shares;
    private final IncomingBodyProperties properties;
    // Filters are made while the web server starts, and an unusable session key shall be told after
    // that.
    private final ObjectProvider<CallerResolver> callers;
    private final FailedLogins failures;
    private final ProblemWriter writer;

    UnfinishedBodies(
            IncomingBodyProperties properties,
            ObjectProvider<CallerResolver> callers,
            FailedLogins failures,
            ProblemWriter writer,
            MeterRegistry meters) {
        this.shares = new BodyShares(properties.inAll());
        this.properties = properties;
        this.callers = callers;
        this.failures = failures;
        this.writer = writer;
        Gauge.builder("postern.bodies.unfinished", shares, BodyShares::total)
                .description("Requests in the middle of their bodies.")
                .register(meters);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var body = IncomingBody.of(request);
        if (body == null) {
            chain.doFilter(request, response);
            return;
        }
        BodyShare share;
        try {
            share = BodyShare.take(shares, owner(request), isReadIntoMemory(request));
        } catch (ProblemException refused) {
            writer.write(Problem.of(refused), refused.headers(), request, response);
            return;
        }
        try {
            body.countIn(share);
            chain.doFilter(request, response);
        } finally {
            body.leave();
        }
    }

    private Owner owner(HttpServletRequest request) {
        var caller = callers.getObject().callerOrNull(request);
        return caller != null && isProven(caller, request)
                ? new Owner(
                        "account " + AccountKey.of(caller.account()),
                        properties.maxUnfinishedPerAccount(),
                        true)
                : new Owner(
                        "client " + ClientAddress.of(request).network(),
                        properties.perClient(),
                        false);
    }

    /** Anybody can name an account, with a password that is wrong. */
    private boolean isProven(Caller caller, HttpServletRequest request) {
        return caller.session() != null
                || failures.provenFrom(caller.account(), ClientAddress.of(request).network());
    }

    private static boolean isReadIntoMemory(HttpServletRequest request) {
        var type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).contains("json");
    }
}
