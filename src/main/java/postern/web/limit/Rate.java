package postern.web.limit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import postern.login.Budgets;
import postern.login.SharedBudgets;
import postern.web.problem.TooManyRequests;

/** How many requests a minute are taken of each of one kind. */
final class Rate {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final String name;
    private final @Nullable Budgets budgets;

    /** Zero is no limit. */
    Rate(String name, int perMinute, SharedBudgets budgets) {
        this.name = name;
        this.budgets = perMinute == 0 ? null : budgets.of("requests of " + name, perMinute, WINDOW);
    }

    /** Null where there is no limit; throws TooManyRequests. */
    @Nullable Allowance take(String key) {
        if (budgets == null) {
            return null;
        }
        var taken = budgets.of(key).take();
        var allowance =
                new Allowance(name, budgets.capacity(), taken.remaining(), taken.untilFull());
        if (!taken.granted()) {
            throw new Exceeded(allowance, taken.retryAfter());
        }
        return allowance;
    }

    /**
     * What is left of a rate.
     *
     * @param reset when all of it has come back
     */
    record Allowance(String name, int quota, long remaining, Duration reset) {

        /** The fields of draft-ietf-httpapi-ratelimit-headers; none where there is no limit. */
        static Map<String, String> headers(List<Allowance> allowances) {
            var headers = new LinkedHashMap<String, String>();
            if (!allowances.isEmpty()) {
                headers.put("RateLimit-Policy", list(allowances, Allowance::policy));
                headers.put("RateLimit", list(allowances, Allowance::limit));
            }
            return headers;
        }

        private static String list(List<Allowance> all, Function<Allowance, String> item) {
            return all.stream().map(item).collect(Collectors.joining(", "));
        }

        private String policy() {
            return "\"%s\";q=%d;w=%d".formatted(name, quota, WINDOW.toSeconds());
        }

        private String limit() {
            return "\"%s\";r=%d;t=%d".formatted(name, remaining, reset.plusMillis(999).toSeconds());
        }
    }

    /** Too many requests in a minute. */
    private static final class Exceeded extends TooManyRequests {

        private final Allowance allowance;

        private Exceeded(Allowance allowance, Duration retryAfter) {
            super(
                    "more than %d requests a minute of this %s"
                            .formatted(allowance.quota(), allowance.name()),
                    retryAfter);
            this.allowance = allowance;
        }

        @Override
        public HttpHeaders headers() {
            var headers = super.headers();
            Allowance.headers(List.of(allowance)).forEach(headers::set);
            return headers;
        }
    }
}
