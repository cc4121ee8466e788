package postern.web.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.SearchTerm;
import postern.imap.message.UidSet;
import postern.web.id.OpaqueText.Kind;

/** The id of a thread in a URL or in JSON. */
@Schema(
        description = "A thread.",
        pattern = OpaqueText.PATTERN,
        example = "FwASNN3J2dYG5yReehLJO0DYH3oposs")
public sealed interface ThreadId {

    /**
     * The thread that contains this message.
     *
     * @param messageId a hash of its Message-ID, by which the other messages refer to it once it is
     *     expunged; 0 if it has none
     */
    record OfMessage(MessageRef message, long messageId) implements ThreadId {

        @Override
        public String toString() {
            return text();
        }
    }

    /** The mail server's own thread id, valid in the whole account (RFC 8474, Gmail). */
    record OfServer(String threadId) implements ThreadId {

        public OfServer {
            new SearchTerm.InThread(threadId); // throws IllegalArgumentException
        }

        @Override
        public String toString() {
            return text();
        }
    }

    int OF_MESSAGE = 0;
    int OF_SERVER = 1;

    static ThreadId of(MessageRef message, long messageId) {
        return new OfMessage(message, messageId);
    }

    static ThreadId ofServer(String threadId) {
        return new OfServer(threadId);
    }

    /** Throws IllegalArgumentException if the text is not an intact thread id. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ThreadId parse(String text) {
        var octets = OpaqueText.read(Kind.THREAD, text);
        var id =
                switch (octets.hasRemaining() ? octets.get() : -1) {
                    case OF_MESSAGE -> ofMessage(octets);
                    case OF_SERVER -> ofServer(rest(octets));
                    default -> throw OpaqueText.damaged(Kind.THREAD);
                };
        if (!id.text().equals(text)) {
            throw OpaqueText.damaged(Kind.THREAD);
        }
        return id;
    }

    private static ThreadId ofMessage(ByteBuffer octets) {
        var accountTag = OpaqueText.tag(octets);
        long uidValidity = OpaqueText.number(octets);
        long uid = OpaqueText.number(octets);
        if (uid < 1 || uid > UidSet.MAX || octets.remaining() < Long.BYTES) {
            throw OpaqueText.damaged(Kind.THREAD);
        }
        long messageId = octets.getLong();
        var mailbox =
                octets.hasRemaining() ? MailboxName.ofIdentity(rest(octets)) : MailboxName.INBOX;
        return of(new MessageRef(mailbox, uidValidity, uid, accountTag), messageId);
    }

    private static String rest(ByteBuffer octets) {
        return StandardCharsets.ISO_8859_1.decode(octets).toString();
    }

    @JsonValue
    default String text() {
        var payload = new ByteArrayOutputStream();
        switch (this) {
            case OfMessage(var message, long messageId) -> {
                payload.write(OF_MESSAGE);
                OpaqueText.putTag(payload, message.accountTag());
                OpaqueText.putNumber(payload, message.uidValidity());
                OpaqueText.putNumber(payload, message.uid());
                payload.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(messageId).array());
                if (!message.mailbox().inbox()) {
                    payload.writeBytes(
                            message.mailbox().identity().getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            case OfServer(var threadId) -> {
                payload.write(OF_SERVER);
                payload.writeBytes(threadId.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return OpaqueText.write(Kind.THREAD, payload);
    }
}
