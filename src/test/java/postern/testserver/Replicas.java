package postern.testserver;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import postern.PosternApplication;
import postern.shared.SharedState;

/** Starts gateways that have the same keys and the same shared state. */
public final class Replicas {

    private static final Map<String, Object> COMMON =
            Map.of(
                    "server.port",
                    "0",
                    "management.server.port",
                    "-1",
                    "postern.session.keys",
                    "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=");

    private Replicas() {}

    @SafeVarargs
    public static ConfigurableApplicationContext start(
            SharedState state, Map<String, ?>... properties) {
        var all = new HashMap<>(COMMON);
        for (var some : properties) {
            all.putAll(some);
        }
        return new SpringApplicationBuilder(PosternApplication.class)
                .initializers(new SharedStateOfAll(state))
                .properties(all)
                .run();
    }

    public static URI uri(ConfigurableApplicationContext replica, String path) {
        var port = replica.getEnvironment().getProperty("local.server.port");
        return URI.create("http://127.0.0.1:%s%s".formatted(port, path));
    }

    private record SharedStateOfAll(SharedState state)
            implements ApplicationContextInitializer<GenericApplicationContext> {

        @Override
        public void initialize(GenericApplicationContext context) {
            context.registerBean(
                    "sharedStateOfAll",
                    SharedState.class,
                    () -> state,
                    (BeanDefinition definition) -> definition.setPrimary(true));
        }
    }
}
