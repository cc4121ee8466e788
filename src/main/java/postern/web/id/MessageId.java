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
 * How a URL or a JSON value names a message: mailbox, UIDVALIDITY and UID, and a tag of the
 * account, made opaque; and for a message that is attached to another one the part that it is.
 *
 * @param message in the mailbox
 * @param part of that message, such as {@code "2.1"}; empty for the message itself
 */
@Schema(description = "A message.", example = "FBI00J2OyQb59wJUOxfL")
public record MessageId(MessageRef message, String part) {

    public static MessageId of(MessageRef ref) {
        return new MessageId(ref, "");
    }

    /** Throws IllegalArgumentException for a text that is not an undamaged message id. */
    @JsonCreator
    public static MessageId parse(String text) {
        // Its first octet tells the kinds apart; in base64 that is the first character.
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

    /** Most messages are in INBOX, so its name takes no room. */
    private static MailboxName mailbox(ByteBuffer octets) {
        return octets.hasRemaining()
                ? new MailboxName(StandardCharsets.ISO_8859_1.decode(octets).toString())
                : MailboxName.INBOX;
    }

    /**
     * The message in the mailbox, for whoever needs it to be one: a 422 {@code not-possible} for a
     * message that is attached to another, which can be read, answered and passed on but has no
     * flags, place or life of its own.
     */
    public MessageRef ref() {
        if (within()) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "the message is attached to another one, and cannot be changed or moved by itself");
        }
        return message;
    }

    /** Whether it is attached to another message. */
    public boolean within() {
        return !part.isEmpty();
    }

    /** The message that is attached to this one as that part of it. */
    public MessageId attached(String partId) {
        return new MessageId(message, partIdInMailbox(partId));
    }

    /** How the mail server numbers a part of this message. */
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
            payload.writeBytes(message.mailbox().wire().getBytes(StandardCharsets.ISO_8859_1));
        }
        return OpaqueText.write(within() ? Kind.MESSAGE_WITHIN : Kind.MESSAGE, payload);
    }
}
