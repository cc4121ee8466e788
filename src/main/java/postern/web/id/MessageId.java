package postern.web.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.Section;
import postern.imap.message.UidSet;
import postern.web.id.OpaqueText.Kind;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * The id of a message in a URL or in JSON: mailbox, UIDVALIDITY, UID and a tag of the account in
 * opaque form; for an embedded message also its part id.
 *
 * @param message the message in the mailbox
 * @param part the part id of the embedded message, such as {@code "2.1"}; empty for the message
 *     itself
 */
@Schema(description = "A message.", pattern = OpaqueText.PATTERN, example = "FBI00J2OyQb59wJUOxfL")
public record MessageId(MessageRef message, String part) {

    /** Not for JSON: there an id is a string. */
    @JsonCreator(mode = JsonCreator.Mode.DISABLED)
    public MessageId {}

    public static MessageId of(MessageRef ref) {
        return new MessageId(ref, "");
    }

    /** Throws IllegalArgumentException if the text is not an intact message id. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static MessageId parse(String text) {
        // The first octet is the kind, and determines the first character in base64.
        var id = text.startsWith("G") ? within(text) : itself(text);
        if (!id.toString().equals(text)) {
            throw OpaqueText.damaged(Kind.MESSAGE);
        }
        return id;
    }

    private static MessageId itself(String text) {
        return of(ref(OpaqueText.read(Kind.MESSAGE, text), ""));
    }

    private static MessageId within(String text) {
        var octets = OpaqueText.read(Kind.MESSAGE_WITHIN, text);
        var numbers = new ArrayList<String>();
        for (long left = OpaqueText.number(octets); left > 0 && octets.hasRemaining(); left--) {
            numbers.add(Long.toString(OpaqueText.number(octets)));
        }
        var part = String.join(".", numbers);
        if (part.isEmpty() || !Section.validPartId(part)) {
            throw OpaqueText.damaged(Kind.MESSAGE_WITHIN);
        }
        return new MessageId(ref(octets, part), part);
    }

    private static MessageRef ref(ByteBuffer octets, String part) {
        var accountTag = OpaqueText.tag(octets);
        long uidValidity = OpaqueText.number(octets);
        long uid = OpaqueText.number(octets);
        if (uid < 1 || uid > UidSet.MAX) {
            throw OpaqueText.damaged(part.isEmpty() ? Kind.MESSAGE : Kind.MESSAGE_WITHIN);
        }
        return new MessageRef(mailbox(octets), uidValidity, uid, accountTag);
    }

    /** The name is omitted for INBOX, where most messages are. */
    private static MailboxName mailbox(ByteBuffer octets) {
        return octets.hasRemaining()
                ? MailboxName.ofIdentity(StandardCharsets.ISO_8859_1.decode(octets).toString())
                : MailboxName.INBOX;
    }

    /**
     * Returns the message in the mailbox. Throws a 422 {@code not-possible} for an embedded
     * message: it can be read, answered and forwarded, but has no flags and cannot be moved or
     * deleted.
     */
    public MessageRef ref() {
        if (within()) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "the message is attached to another one, and cannot be changed or moved by itself");
        }
        return message;
    }

    /** Whether it is embedded in another message. */
    public boolean within() {
        return !part.isEmpty();
    }

    /** The message that is embedded in this one as this part. */
    public MessageId attached(String partId) {
        return new MessageId(message, partIdInMailbox(partId));
    }

    /** The part id on the mail server of a part of this message. */
    public String partIdInMailbox(String partId) {
        return within() ? part + "." + partId : partId;
    }

    @Override
    @JsonValue
    public String toString() {
        var payload = new ByteArrayOutputStream();
        if (within()) {
            var numbers = part.split("\\.");
            OpaqueText.putNumber(payload, numbers.length);
            for (var number : numbers) {
                OpaqueText.putNumber(payload, Long.parseLong(number));
            }
        }
        OpaqueText.putTag(payload, message.accountTag());
        OpaqueText.putNumber(payload, message.uidValidity());
        OpaqueText.putNumber(payload, message.uid());
        if (!message.mailbox().inbox()) {
            payload.writeBytes(message.mailbox().identity().getBytes(StandardCharsets.ISO_8859_1));
        }
        return OpaqueText.write(within() ? Kind.MESSAGE_WITHIN : Kind.MESSAGE, payload);
    }
}
