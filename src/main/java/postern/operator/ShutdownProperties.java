package postern.operator;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How the process ends.
 *
 * @param drain How long the gateway still takes requests after it was told to end, while {@code
 *     /readyz} already answers 503: until load balancers have noticed. Unit: time. Interplay: comes
 *     before {@code spring.lifecycle.timeout-per-shutdown-phase}, for which running requests are
 *     waited for. A process that is killed before both are over cuts requests.
 */
@ConfigurationProperties("postern.shutdown")
record ShutdownProperties(@DefaultValue("0s") Duration drain) {

    ShutdownProperties {
        Assert.isTrue(!drain.isNegative(), "postern.shutdown.drain must not be negative");
    }
}
