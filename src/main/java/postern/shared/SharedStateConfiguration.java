package postern.shared;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** In memory, or where the operator says. */
@Configuration(proxyBeanMethods = false)
class SharedStateConfiguration {

    @Bean
    SharedState sharedState(
            SharedStateProperties properties,
            ObjectProvider<AreaBound> bounds,
            MeterRegistry meters) {
        var url = properties.url();
        if (url == null) {
            return new InMemorySharedState(bounds);
        }
        return new ValkeySharedState(
                url, properties.prefix(), properties.timeout(), meters, System::nanoTime);
    }
}
