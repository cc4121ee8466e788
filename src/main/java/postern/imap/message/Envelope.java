package postern.imap.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parsed headers of a message, undecoded (RFC 9051 §7.5.2). */
public record Envelope(
        @Nullable RawText date,
        @Nullable RawText subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        @Nullable RawText inReplyTo,
        @Nullable RawText messageId) {

    public static final Envelope EMPTY =
            new Envelope(
                    null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                    null, null);
}
