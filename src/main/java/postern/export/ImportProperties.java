package postern.export;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the import of an mbox.
 *
 * @param longestMessage The largest message that an import stores. A larger one has the result
 *     {@code message-too-big}; the others are stored. Unit: bytes. Interplay: the mail server may
 *     have a lower limit; messages of more than 256 KB are on disk meanwhile ({@code
 *     postern.spool.max-size}).
 * @param mostMessages How many messages one import stores. It then stops and answers {@code next},
 *     where the following request goes on. Unit: messages. Interplay: an import of many messages
 *     takes long; proxies in front of the gateway must wait for its answer.
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
