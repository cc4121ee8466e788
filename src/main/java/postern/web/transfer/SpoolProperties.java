package postern.web.transfer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The disk that uploads and imports take while they are on their way to the mail server.
 *
 * @param maxSize The disk space for all uploads together. An upload for which there is no room is
 *     answered 503 {@code uploads-full} before it is read. Unit: bytes. Interplay: at least twice
 *     {@code postern.compose.max-upload}, or the gateway does not start.
 * @param directory The directory in which each process creates one of its own. A process empties
 *     its directory when it ends; what a killed process left is removed by the next one. When it is
 *     not set, it is the directory of the JVM for temporary files. Unit: path. Interplay: its disk
 *     must have room for {@code max-size} of each process that uses it.
 */
@ConfigurationProperties("postern.spool")
public record SpoolProperties(@DefaultValue("2GB") DataSize maxSize, @Nullable Path directory) {

    public SpoolProperties {
        if (maxSize.toBytes() < 1) {
            throw new IllegalArgumentException("postern.spool.max-size must be positive");
        }
    }
}
