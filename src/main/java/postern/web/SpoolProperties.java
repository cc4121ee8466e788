package postern.web;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where uploads are while they are on their way to a mail server.
 *
 * @param maxSize how much disk all of them may take together; what finds no room is answered 503
 * @param directory in which the gateway makes one of its own; the system's for temporary files when
 *     absent
 */
@ConfigurationProperties("postern.spool")
public record SpoolProperties(@DefaultValue("2GB") DataSize maxSize, @Nullable Path directory) {

    public SpoolProperties {
        if (maxSize.toBytes() < 1) {
            throw new IllegalArgumentException("postern.spool.max-size must be positive");
        }
    }
}
