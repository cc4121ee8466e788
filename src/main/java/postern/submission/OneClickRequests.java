package postern.submission;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import postern.egress.Deadline;
import postern.egress.Dialer;
import postern.egress.Endpoint;
import postern.egress.FormPost;
import postern.egress.JndiDns;
import postern.egress.TlsSockets;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * The request that unsubscribes from a mailing list (RFC 8058), to a web server that a stranger has
 * chosen: only to public hosts, without cookies or credentials, and no redirect is followed.
 */
@Component
final class OneClickRequests {

    private static final Logger log = LoggerFactory.getLogger(OneClickRequests.class);

    private static final Map<String, String> FORM = Map.of("List-Unsubscribe", "One-Click");

    private final UnsubscribeProperties properties;
    private final FormPost forms;
    private final Semaphore places;

    OneClickRequests(UnsubscribeProperties properties, Dialer dialer, SslBundles sslBundles) {
        this.properties = properties;
        this.forms =
                new FormPost(
                        new JndiDns(properties.dns()),
                        dialer,
                        TlsSockets.trusting(
                                "postern.unsubscribe.ssl-bundle",
                                properties.sslBundle(),
                                sslBundles));
        this.places = new Semaphore(properties.maxConcurrent());
    }

    /** Whether the operator wants them. */
    boolean wanted() {
        return properties.oneClick();
    }

    /** Empty where the operator does not want it, and for a URI that must not be asked. */
    Optional<Endpoint> endpoint(String uri) {
        try {
            return properties.oneClick()
                    ? Optional.of(Endpoint.atPublicHost(URI.create(uri)))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The status of the answer; empty where there was none. It may be sent again. */
    OptionalInt post(Endpoint endpoint) {
        if (!places.tryAcquire()) {
            throw new TooManyRequestsAtOnce();
        }
        try {
            var deadline = Deadline.in(properties.timeout());
            return OptionalInt.of(forms.status(endpoint, FORM, deadline));
        } catch (IOException e) {
            // the messages of the JDK may have addresses in them
            log.debug("no answer to one-click: cause={}", e.getClass().getSimpleName());
            return OptionalInt.empty();
        } finally {
            places.release();
        }
    }

    private static final class TooManyRequestsAtOnce extends ProblemException {

        TooManyRequestsAtOnce() {
            super(ProblemCode.CONNECTION_LIMIT, "too many other lists are being left");
        }

        @Override
        public HttpHeaders headers() {
            var headers = new HttpHeaders();
            headers.set(HttpHeaders.RETRY_AFTER, "5");
            return headers;
        }
    }
}
