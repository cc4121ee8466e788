package postern.compose;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of messages that are stored or composed.
 *
 * @param maxUpload The largest body of a request that stores a message, and the largest message
 *     composed of one; beyond it 413 {@code request-too-big}. Unit: bytes. Interplay: at most half
 *     of {@code postern.spool.max-size}; the mail server may have a lower limit (413 {@code
 *     message-too-big}).
 * @param maxText The largest JSON of a composed message, which includes its texts and is read into
 *     memory; beyond it 413 {@code request-too-big}. Unit: bytes. Interplay: part of {@code
 *     max-upload}; takes the place of {@code postern.body.max-json}.
 * @param maxRecipients The most addresses of one message in To, Cc and Bcc together; beyond it 400
 *     {@code invalid-request}. Unit: addresses.
 * @param maxAttachments The most attachments of one message; beyond it 400 {@code invalid-request}.
 *     Unit: attachments. Interplay: their sizes are bounded by {@code max-upload} only.
 */
@ConfigurationProperties("postern.compose")
record ComposeProperties(
        @DefaultValue("256MB") DataSize maxUpload,
        @DefaultValue("16MB") DataSize maxText,
        @DefaultValue("500") int maxRecipients,
        @DefaultValue("200") int maxAttachments) {}
