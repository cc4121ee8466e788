package postern.compose;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.SpoolSpace;
import postern.web.transfer.SpooledOctets;
import tools.jackson.databind.json.JsonMapper;

/** Receives messages of clients that are not only stored. */
@Component
public class NewMessages {

    private final Composer composer;
    private final JsonMapper json;
    private final ComposeProperties limits;
    private final SpoolSpace space;

    NewMessages(Composer composer, JsonMapper json, ComposeProperties limits, SpoolSpace space) {
        this.composer = composer;
        this.json = json;
        this.limits = limits;
        this.space = space;
    }

    /**
     * A complete message, whose lines end with CRLF. It must be closed.
     *
     * @param options how it is to be sent; null where the body cannot say it
     */
    public record Received(SpooledOctets octets, @Nullable SendOptions options) {}

    /** The most recipients of a message. */
    public int maxRecipients() {
        return limits.maxRecipients();
    }

    /**
     * Reads the body of the request to its end, and composes a message of it if it is not raw.
     *
     * @param name what is before the @ in the Message-ID of a composed message that has none; one
     *     is made up where it is null
     */
    public Received receive(Account account, HttpServletRequest request, @Nullable String name) {
        var input = new MessageInput(request, json, limits, space);
        try {
            if (input.raw()) {
                return new Received(raw(input), null);
            }
            var message = input.message();
            refuse("/keywords", message.keywords());
            refuse("/receivedAt", message.receivedAt());
            var options = message.submission();
            return new Received(
                    composer.compose(
                            account,
                            message,
                            input.files(),
                            name == null
                                    ? NewMessageId.random(account)
                                    : NewMessageId.named(name, account)),
                    options == null ? SendOptions.NONE : options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuse(String at, @Nullable Object value) {
        if (value != null) {
            throw InvalidRequest.at(at, "is for messages that are only stored");
        }
    }

    private MessageSpool raw(MessageInput input) throws IOException {
        var spool = new MessageSpool(limits, space);
        boolean whole = false;
        try {
            spool.reserve(Math.max(0, input.announced()));
            new StreamedUpload(input.octets(), input.announced(), spool).finish();
            if (spool.length() == 0) {
                throw InvalidRequest.at("", "is missing");
            }
            whole = true;
            return spool;
        } finally {
            if (!whole) {
                spool.discard();
            }
        }
    }
}
