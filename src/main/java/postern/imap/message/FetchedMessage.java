package postern.imap.message;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a FETCH said of one message; what was not asked for is null.
 *
 * @param place its sequence number at that moment
 * @param size in octets
 * @param preview the server's own, undecoded UTF-8; null as well where the server has none
 * @param emailId the server's own identifier of the message in the whole account; null as well
 *     where the server has none for it
 * @param threadId the same of its thread
 * @param sections the octets of each section asked for; a section that the message lacks is absent
 * @param degraded whether something that was asked for could not be had or read: then it was made
 *     from the message's header, or is null, or a part of the structure is of no known type
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
