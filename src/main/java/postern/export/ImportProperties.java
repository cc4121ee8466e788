package postern.export;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How mailboxes are imported.
 *
 * @param longestMessage the largest message that an import takes
 * @param mostMessages after which an import stops and says where to go on
 */
@ConfigurationProperties("postern.import")
record ImportProperties(
        @DefaultValue("150MB") DataSize longestMessage, @DefaultValue("50000") int mostMessages) {

    ImportProperties {
        if (longestMessage.toBytes() < 1 || mostMessages < 1) {
            throw new IllegalArgumentException("postern.import.* must be positive");
        }
    }
}
