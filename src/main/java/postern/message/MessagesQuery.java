package postern.message;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.message.metadata.ChosenHeaders;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.web.id.MessageId;
import postern.web.problem.InvalidRequest;

/**
 * A checked {@link MessagesRequest}.
 *
 * @param ids each once, in the order of the request
 */
public record MessagesQuery(
        List<MessageId> ids,
        Set<MessageField> fields,
        Set<Include> include,
        ChosenHeaders headers,
        int maxOctets) {

    private static final int MOST_IDS = 500;

    /** Upper bound on the octets of content that a request reads. */
    public static final int MOST_OCTETS = 8_000_000;

    static MessagesQuery of(MessagesRequest request) {
        if (request.ids().isEmpty() || request.ids().size() > MOST_IDS) {
            throw InvalidRequest.at("/ids", "must be 1 to " + MOST_IDS);
        }
        var include = request.include() == null ? Set.<Include>of() : Set.copyOf(request.include());
        return new MessagesQuery(
                request.ids().stream().distinct().toList(),
                fields(request.fields()),
                include,
                ChosenHeaders.ofBody(request.headerFields(), include),
                octets(request.maxOctets()));
    }

    private static Set<MessageField> fields(@Nullable List<MessageField> fields) {
        return fields == null || fields.isEmpty() ? MessageField.ALL : Set.copyOf(fields);
    }

    private static int octets(@Nullable Integer maxOctets) {
        if (maxOctets == null) {
            return MOST_OCTETS;
        }
        if (maxOctets < 1 || maxOctets > MOST_OCTETS) {
            throw InvalidRequest.at("/maxOctets", "must be from 1 to " + MOST_OCTETS);
        }
        return maxOctets;
    }
}
