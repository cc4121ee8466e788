package postern.compose;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.identity.Identities;
import postern.message.part.StoredParts;
import postern.mime.compose.MessageWriter;
import postern.mime.compose.OutgoingPart;
import postern.mime.header.MailAddress;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.SpoolSpace;

/** Composes messages from the JSON of a client. */
@Component
class Composer {

    private static final int BUFFER = 32 << 10;

    private final Identities identities;
    private final StoredParts stored;
    private final ComposeProperties limits;
    private final SpoolSpace space;
    private final InstantSource clock = InstantSource.system();

    Composer(
            Identities identities, StoredParts stored, ComposeProperties limits, SpoolSpace space) {
        this.identities = identities;
        this.stored = stored;
        this.limits = limits;
        this.space = space;
    }

    /**
     * Composes the complete message; the caller must close it.
     *
     * @param id for a message that has none
     */
    MessageSpool compose(
            Account account, MessageRequest message, UploadedFiles files, NewMessageId.Maker id) {
        var header = HeaderComposer.of(message, standard(account), id, clock.instant(), limits);
        var text = readable("/text", message.text());
        var html = readable("/html", message.html());
        var spool = new MessageSpool(limits, space);
        boolean whole = false;
        try (var enclosures = new AttachmentsAssembler(account, stored, files, limits, space)) {
            var body = OutgoingPart.body(text, html, enclosures.of(message.attachments()));
            var out = new BufferedOutputStream(spool, BUFFER);
            new MessageWriter(out).write(header, body);
            out.flush();
            whole = true;
            return spool;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                spool.discard();
            }
        }
    }

    private @Nullable MailAddress standard(Account account) {
        var identity = identities.standard(account);
        return identity == null ? null : HeaderComposer.address(identity);
    }

    /** Refuses NUL: no mail system accepts it in any encoding. */
    private static @Nullable String readable(String at, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw InvalidRequest.at(at, "must be without NUL");
        }
        return text;
    }
}
