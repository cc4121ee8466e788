package postern.imap.message;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data that a FETCH returned for one message; items that were not requested are null.
 *
 * @param place its sequence number at that time
 * @param size in octets
 * @param preview the server's preview, undecoded UTF-8; null as well where the server has none
 * @param emailId the server's identifier of the message, unique in the account; null as well where
 *     the server has none
 * @param threadId the server's identifier of the message's thread; null as well where the server
 *     has none
 * @param sections the octets of each requested section; a section that the message lacks is absent
 * @param degraded whether a requested item was missing or could not be parsed: then it was built
 *     from the message's header, or is null, or a part of the structure has no known type
 */
public record FetchedMessage(
        long place,
        long uid,
        @Nullable Set<Flag> flags,
        @Nullable Long modSeq,
        @Nullable Instant internalDate,
        @Nullable Long size,
        @Nullable Envelope envelope,
        @Nullable BodyPart bodyStructure,
        @Nullable RawText preview,
        @Nullable String emailId,
        @Nullable String threadId,
        Map<SectionRange, byte[]> sections,
        boolean degraded) {}
