package postern.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much of a request is read into memory.
 *
 * @param maxJson the largest JSON body; uploads of messages and files are streamed and have limits
 *     of their own
 */
@ConfigurationProperties("postern.body")
record BodyProperties(@DefaultValue("4MB") DataSize maxJson) {

    BodyProperties {
        if (maxJson.toBytes() < 1) {
            throw new IllegalArgumentException("postern.body.max-json must be positive");
        }
    }
}
