package postern.imap;

import java.util.List;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * The answer of a mailbox to an {@link ExamineRequest}.
 *
 * @param state as of the EXAMINE
 * @param found the result of the search; empty when there was none
 * @param sorted the result in sort order, instead of {@code found}, where a sort was requested
 * @param fetched one list for each fetch request, in ascending UIDs, without expunged messages
 */
public record ExaminedMailbox(
        SelectedState state, UidSet found, SortedUids sorted, List<List<FetchedMessage>> fetched) {}
