package postern.thread;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.imap.SelectedMailbox;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;
import postern.message.metadata.QueryParameters;

/**
 * Which threads a list shows; null is no condition.
 *
 * @param unseen whether at least one message is unread, or none
 * @param flagged whether at least one message is flagged, or none
 */
record ThreadFilter(
        @Nullable Boolean unseen,
        @Nullable Boolean flagged,
        @Nullable String from,
        @Nullable String to,
        @Nullable String subject,
        @Nullable String text) {

    private static final SearchTerm UNSEEN = new SearchTerm.Not(new SearchTerm.HasFlag(Flag.SEEN));
    private static final SearchTerm FLAGGED = new SearchTerm.HasFlag(Flag.FLAGGED);

    ThreadFilter {
        QueryParameters.text("from", from);
        QueryParameters.text("to", to);
        QueryParameters.text("subject", subject);
        QueryParameters.text("text", text);
    }

    boolean none() {
        return wanted().isEmpty() && unwanted().isEmpty();
    }

    /** The numbers of the conversations to show; null for all. */
    @Nullable BitSet accepted(SelectedMailbox mailbox, Conversations conversations) {
        BitSet accepted = null;
        var wanted = wanted();
        if (!wanted.isEmpty()) {
            accepted = matching(mailbox, conversations, new SearchTerm.And(wanted));
        }
        for (var unwanted : unwanted()) {
            if (accepted == null) {
                accepted = new BitSet();
                accepted.set(0, conversations.count());
            }
            accepted.andNot(matching(mailbox, conversations, unwanted));
        }
        return accepted;
    }

    private static BitSet matching(
            SelectedMailbox mailbox, Conversations conversations, SearchTerm term) {
        var matching = new BitSet();
        mailbox.search(term).stream()
                .mapToInt(conversations::of)
                .filter(conversation -> conversation >= 0)
                .forEach(matching::set);
        return matching;
    }

    /** The conditions that a single message of the thread must fulfil together. */
    private List<SearchTerm> wanted() {
        var terms = new ArrayList<SearchTerm>();
        if (Boolean.TRUE.equals(unseen)) {
            terms.add(UNSEEN);
        }
        if (Boolean.TRUE.equals(flagged)) {
            terms.add(FLAGGED);
        }
        if (from != null) {
            terms.add(new SearchTerm.From(from));
        }
        if (to != null) {
            terms.add(new SearchTerm.To(to));
        }
        if (subject != null) {
            terms.add(new SearchTerm.Subject(subject));
        }
        if (text != null) {
            terms.add(new SearchTerm.Text(text));
        }
        return terms;
    }

    /** The conditions that no message of the thread may fulfil. */
    private List<SearchTerm> unwanted() {
        var terms = new ArrayList<SearchTerm>();
        if (Boolean.FALSE.equals(unseen)) {
            terms.add(UNSEEN);
        }
        if (Boolean.FALSE.equals(flagged)) {
            terms.add(FLAGGED);
        }
        return terms;
    }
}
