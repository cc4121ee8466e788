package postern.submission;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import postern.imap.MessageRef;
import postern.web.idempotency.UnfinishedRequest;

/**
 * The drafts that this process knows to have stored for one {@code Idempotency-Key}, the oldest
 * first. It makes a repetition in the same process look at the mailboxes, whatever became of the
 * first request.
 *
 * @param messages the newest ones
 */
record OwnDrafts(List<MessageRef> messages) implements UnfinishedRequest {

    static final OwnDrafts NONE = new OwnDrafts(List.of());

    /** The oldest are dropped. */
    static final int MOST = 20;

    /** Of one message, without the name of its mailbox. */
    private static final int OCTETS_EACH = 200;

    OwnDrafts {
        messages = List.copyOf(messages);
    }

    OwnDrafts and(MessageRef another) {
        var all = new ArrayList<>(messages);
        all.remove(another);
        all.add(another);
        return new OwnDrafts(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    boolean contains(MessageRef message) {
        return messages.contains(message);
    }

    @Override
    public int octets() {
        return messages.stream()
                .mapToInt(it ->
                        OCTETS_EACH
                                + it.mailbox().wire().length()
                                + Objects.requireNonNullElse(it.mailbox().id(), "").length())
                .sum();
    }
}
