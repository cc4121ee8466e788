package postern.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How mailboxes are imported.
 *
 * @param longestMessage the largest message that an import takes
 * @param mostMessages after which an import stops and says where to go on
 * @param directory where a message that is too large for memory stays until it is appended; that of
 *     the system when null
 */
@ConfigurationProperties("postern.import")
record ImportProperties(
        @DefaultValue("150MB") DataSize longestMessage,
        @DefaultValue("50000") int mostMessages,
        @Nullable Path directory) {

    ImportProperties {
        if (longestMessage.toBytes() < 1 || mostMessages < 1) {
            throw new IllegalArgumentException("postern.import.* must be positive");
        }
    }
}
