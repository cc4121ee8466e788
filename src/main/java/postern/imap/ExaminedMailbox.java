package postern.imap;

import java.util.List;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SortedUids;
import postern.imap.message.UidSet;

/**
 * What a mailbox answered to a {@link ExamineRequest}.
 *
 * @param state as of the EXAMINE
 * @param found what was searched for; empty when nothing was
 * @param sorted the same in order, instead of {@code found}, where an order was asked for
 * @param fetched an answer to each request, in ascending UIDs; messages that are gone are left out
 */
public record ExaminedMailbox(
        SelectedState state, UidSet found, SortedUids sorted, List<List<FetchedMessage>> fetched) {}
