package postern.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is read of a request into memory.
 *
 * @param maxJson The largest JSON body; a larger one is answered 413 {@code request-too-big}. Unit:
 *     bytes. Interplay: a login may have 64 KB at most, whatever this says; a composed message is
 *     bounded by {@code postern.compose.max-text} instead.
 */
@ConfigurationProperties("postern.body")
record BodyProperties(@DefaultValue("4MB") DataSize maxJson) {

    BodyProperties {
        if (maxJson.toBytes() < 1) {
            throw new IllegalArgumentException("postern.body.max-json must be positive");
        }
    }
}
