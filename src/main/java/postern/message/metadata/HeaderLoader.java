package postern.message.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.message.part.HeaderField;
import postern.message.part.OptionalFetch;

/**
 * The chosen header fields of messages. They come with the FETCH of the list; where the server left
 * them out, the whole header is read and the fields are taken from it.
 */
public final class HeaderLoader {

    /** Upper bound on whole headers that are read in one flush. */
    private static final int WHOLE_AT_ONCE = 64;

    /** A longer header is cut. Long headers consist mostly of References and Received. */
    public static final SectionRange WHOLE = SectionRange.first(Section.HEADER, 256 << 10);

    private final ChosenHeaders chosen;
    private final Map<Long, List<HeaderField>> known = new HashMap<>();

    public HeaderLoader(ChosenHeaders chosen) {
        this.chosen = chosen;
    }

    /** Takes the fields out of the answer to the FETCH of the list. */
    public void addFetched(Collection<FetchedMessage> messages) {
        if (chosen.none()) {
            return;
        }
        for (var message : messages) {
            add(message, chosen.section());
        }
    }

    /** A field that was cut would be a false one, so that the header is then read as a whole. */
    private void add(FetchedMessage message, SectionRange asked) {
        var octets = message.sections().get(asked);
        if (octets != null && octets.length < asked.octets()) {
            known.put(message.uid(), chosen.among(HeaderField.split(octets)));
        }
    }

    /** Reads the fields that the server left out. */
    public void complete(SelectedMailbox mailbox, Collection<FetchedMessage> messages) {
        var missing = chosen.none() ? List.<Long>of() : missing(messages);
        fetchWhole(mailbox, missing, message -> add(message, WHOLE));
    }

    private static void fetchWhole(
            SelectedMailbox mailbox, List<Long> missing, Consumer<FetchedMessage> onFetched) {
        var extra = new OptionalFetch(mailbox);
        for (int from = 0; from < missing.size(); from += WHOLE_AT_ONCE) {
            var uids = missing.subList(from, Math.min(missing.size(), from + WHOLE_AT_ONCE));
            var items = new FetchItems(Set.of(), List.of(WHOLE));
            extra.fetch(
                    List.of(FetchRequest.uids(UidSet.of(uids), items)),
                    answer -> answer.forEach(onFetched),
                    _ -> {});
        }
    }

    /**
     * Reads the whole headers of these messages; those that the server does not tell are left out.
     */
    static void whole(
            SelectedMailbox mailbox,
            List<Long> uids,
            BiConsumer<Long, List<HeaderField.Raw>> onRead) {
        fetchWhole(
                mailbox,
                uids,
                message -> {
                    var octets = message.sections().get(WHOLE);
                    if (octets != null && octets.length > 0) {
                        onRead.accept(message.uid(), HeaderField.split(octets));
                    }
                });
    }

    private List<Long> missing(Collection<FetchedMessage> messages) {
        var missing = new ArrayList<Long>();
        for (var message : messages) {
            if (!known.containsKey(message.uid())) {
                missing.add(message.uid());
            }
        }
        return missing;
    }

    /** Null when none were chosen, and when the server does not tell them. */
    public @Nullable List<HeaderField> of(long uid) {
        return known.get(uid);
    }

    /** Whether fields were chosen and could not be read. */
    public boolean lacks(long uid) {
        return !chosen.none() && !known.containsKey(uid);
    }
}
