package postern.provider;

import org.springframework.util.Assert;
import postern.account.Security;

/** Where a provider takes messages for submission. */
public record SmtpServer(String host, int port, Security security) {

    public SmtpServer {
        Assert.hasText(host, "host is missing");
        Assert.isTrue(port >= 1 && port <= 65_535, "port is not between 1 and 65535");
        Assert.notNull(security, "security is missing");
    }
}
