package postern.submission;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import postern.smtp.Envelope;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;

/** Messages that the gateway itself writes, ready to be sent. */
@Component
final class WrittenMessages {

    private static final Pattern MESSAGE_ID = Pattern.compile("[!-;=?-~]{1,900}");

    private final SpoolSpace space;

    WrittenMessages(SpoolSpace space) {
        this.space = space;
    }

    /** Writes a whole message. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** It must be closed. */
    ReadyMessage message(Content content) {
        var octets = new SpooledOctets(space);
        boolean whole = false;
        try {
            content.writeTo(octets);
            whole = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                ReadyMessage.discard(octets);
            }
        }
        return ReadyMessage.of(octets);
    }

    /**
     * @param mailFrom empty for a message that nobody wants to hear about
     */
    Envelope envelope(String mailFrom, List<String> recipients) {
        try {
            return new Envelope(mailFrom, recipients);
        } catch (IllegalArgumentException _) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "the address of the user, or one that would get the message, cannot be sent"
                            + " to a mail server");
        }
    }

    /** Whether a Message-ID of another's can be written into a header. */
    boolean sound(String messageId) {
        return MESSAGE_ID.matcher(messageId).matches();
    }
}
