package postern.operator;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Describes the metrics of requests, which Spring leaves without a text. */
@Component
final class MetricTexts implements MeterFilter {

    private static final Map<String, String> TEXTS =
            Map.of(
                    "http.server.requests", "Requests, by operation and status.",
                    "http.server.requests.active", "Requests that are under way.");

    @Override
    public Meter.Id map(Meter.Id id) {
        var text = TEXTS.get(id.getName());
        return text == null || id.getDescription() != null
                ? id
                : new Meter.Id(
                        id.getName(),
                        Tags.of(id.getTagsAsIterable()),
                        id.getBaseUnit(),
                        text,
                        id.getType());
    }
}
