package postern.submission;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MessageRef;
import postern.imap.message.Flag;

/**
 * A message with the Message-ID that was looked for.
 *
 * @param received when it was stored; null where the server did not say
 * @param request the hash of the request that stored it; null where none is told
 */
record StoredRequest(
        MessageRef message,
        String messageId,
        Set<Flag> flags,
        @Nullable Instant received,
        @Nullable String request) {}
