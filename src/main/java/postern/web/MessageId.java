package postern.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.UidSet;
import postern.web.OpaqueText.Kind;

/** How a URL or a JSON value names a message: mailbox, UIDVALIDITY and UID, made opaque. */
@Schema(description = "A message.", example = "EtCdjskG-fcCiTwuVA")
public record MessageId(MessageRef ref) {

    public static MessageId of(MessageRef ref) {
        return new MessageId(ref);
    }

    /** Throws IllegalArgumentException for a text that is not an undamaged message id. */
    @JsonCreator
    public static MessageId parse(String text) {
        var id = new MessageId(ref(OpaqueText.read(Kind.MESSAGE, text)));
        if (!id.toString().equals(text)) {
            throw OpaqueText.damaged(Kind.MESSAGE);
        }
        return id;
    }

    private static MessageRef ref(ByteBuffer octets) {
        long uidValidity = OpaqueText.number(octets);
        long uid = OpaqueText.number(octets);
        if (uid < 1 || uid > UidSet.MAX) {
            throw OpaqueText.damaged(Kind.MESSAGE);
        }
        return new MessageRef(mailbox(octets), uidValidity, uid);
    }

    /** Most messages are in INBOX, so its name takes no room. */
    private static MailboxName mailbox(ByteBuffer octets) {
        return octets.hasRemaining()
                ? new MailboxName(StandardCharsets.ISO_8859_1.decode(octets).toString())
                : MailboxName.INBOX;
    }

    @Override
    @JsonValue
    public String toString() {
        var payload = new ByteArrayOutputStream();
        OpaqueText.putNumber(payload, ref.uidValidity());
        OpaqueText.putNumber(payload, ref.uid());
        if (!ref.mailbox().inbox()) {
            payload.writeBytes(ref.mailbox().wire().getBytes(StandardCharsets.ISO_8859_1));
        }
        return OpaqueText.write(Kind.MESSAGE, payload);
    }
}
