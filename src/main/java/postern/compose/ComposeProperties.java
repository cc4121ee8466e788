package postern.compose;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much a client may write.
 *
 * @param maxUpload the largest body of a request, and the largest message made of one
 * @param maxText the largest JSON of a composed message, its texts included
 * @param maxRecipients in To, Cc and Bcc together
 * @param maxAttachments of one message
 * @param spoolDirectory where a message is while its length is not known; the system's own for
 *     temporary files when absent
 */
@ConfigurationProperties("postern.compose")
record ComposeProperties(
        @DefaultValue("256MB") DataSize maxUpload,
        @DefaultValue("16MB") DataSize maxText,
        @DefaultValue("500") int maxRecipients,
        @DefaultValue("200") int maxAttachments,
        @Nullable Path spoolDirectory) {}
