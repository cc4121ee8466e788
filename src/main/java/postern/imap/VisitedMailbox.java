package postern.imap;

import java.util.List;

/**
 * What a mailbox answered to a {@link MailboxVisit}.
 *
 * @param state as of the EXAMINE
 * @param found what was searched for; empty when nothing was
 * @param fetched an answer to each request, in ascending UIDs; messages that are gone are left out
 */
public record VisitedMailbox(
        SelectedState state, UidSet found, List<List<FetchedMessage>> fetched) {}
