package postern.testserver;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import postern.account.AllowedServers;

/**
 * Lets a test seal tokens for servers that it starts itself, which the gateway's configuration does
 * not name.
 */
public final class AnyMailServer
        implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean(
                "anyMailServer",
                AllowedServers.class,
                () -> _ -> true,
                (BeanDefinition definition) -> definition.setPrimary(true));
    }
}
