package postern.web.limit;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import postern.account.AccountKey;
import postern.login.FailedLogins;
import postern.login.SharedBudgets;
import postern.web.Caller;
import postern.web.CallerResolver;
import postern.web.ClientAddress;
import postern.web.problem.Problem;
import postern.web.problem.ProblemException;
import postern.web.problem.ProblemWriter;

/**
 * Bounds how often an account, a client and an app may ask, and says so
 * (draft-ietf-httpapi-ratelimit-headers). Where the mail server has not accepted the password yet,
 * the client counts: anybody can name an account.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 6)
final class RateLimits extends OncePerRequestFilter {

    private final Rate accounts;
    private final Rate clients;
    private final Rate apps;
    // Filters are made while the web server starts, and an unusable session key shall be told after
    // that.
    private final ObjectProvider<CallerResolver> callers;
    private final FailedLogins failures;
    private final ProblemWriter writer;

    RateLimits(
            RateProperties properties,
            ObjectProvider<CallerResolver> callers,
            FailedLogins failures,
            SharedBudgets budgets,
            ProblemWriter writer) {
        this.accounts = new Rate("account", properties.perAccount(), budgets);
        this.clients = new Rate("client", properties.perClient(), budgets);
        this.apps = new Rate("app", properties.perApp(), budgets);
        this.callers = callers;
        this.failures = failures;
        this.writer = writer;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith(request.getContextPath() + "/v1/");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            var allowances = new ArrayList<Rate.Allowance>();
            for (var counted : counted(request)) {
                var allowance = counted.rate().take(counted.key());
                if (allowance != null) {
                    allowances.add(allowance);
                }
            }
            Rate.Allowance.headers(allowances).forEach(response::setHeader);
        } catch (ProblemException refused) {
            writer.write(Problem.of(refused), refused.headers(), request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private record Counted(Rate rate, String key) {}

    private List<Counted> counted(HttpServletRequest request) {
        var counted = new ArrayList<Counted>();
        if (request.getAttribute(AppKeys.APP) instanceof String app) {
            counted.add(new Counted(apps, app));
        }
        var caller = callers.getObject().callerOrNull(request);
        if (caller == null || !isProven(caller, request)) {
            counted.add(new Counted(clients, ClientAddress.of(request).network()));
        } else {
            counted.add(new Counted(accounts, AccountKey.of(caller.account()).toString()));
        }
        return counted;
    }

    private boolean isProven(Caller caller, HttpServletRequest request) {
        return caller.session() != null
                || failures.provenFrom(caller.account(), ClientAddress.of(request).network());
    }
}
