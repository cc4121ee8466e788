package postern.compose;

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
 */
@ConfigurationProperties("postern.compose")
record ComposeProperties(
        @DefaultValue("256MB") DataSize maxUpload,
        @DefaultValue("16MB") DataSize maxText,
        @DefaultValue("500") int maxRecipients,
        @DefaultValue("200") int maxAttachments) {}
