package postern.message.change;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.ImapConnection;
import postern.imap.ImapException;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.SearchTerm;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;
import postern.web.idempotency.MessageTrail;
import postern.web.idempotency.UnconfirmedMessage;

/**
 * Looks for the message that an earlier attempt with the same idempotency key may have stored. It
 * has a UID from that attempt's UIDNEXT on, the same size, and the same first octets.
 */
final class EarlierAttempt {

    private static final int MOST_MESSAGES = 1_000;
    private static final int MOST_CANDIDATES = 50;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final FetchItems SIZE = FetchItems.of(FetchItem.SIZE);
    private static final SectionRange BEGINNING = MessageBeginning.SECTION;

    private EarlierAttempt() {}

    /**
     * Null when there was no earlier attempt, or when it stored nothing. Throws OutcomeUnknown when
     * that cannot be determined: the mailbox is gone, its UIDVALIDITY changed, or too many messages
     * arrived.
     */
    static @Nullable MessageRef find(ImapConnection connection) {
        var trail = MessageTrail.current();
        if (trail == null) {
            return null;
        }
        for (var message : trail.messages()) {
            var found = find(connection, message);
            while (found == null
                    && Instant.now().isBefore(message.sent().plus(SettlingTime.LONGEST))) {
                pause();
                found = find(connection, message);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable MessageRef find(
            ImapConnection connection, UnconfirmedMessage message) {
        try (var mailbox = connection.select(message.mailbox(), Access.READ_ONLY)) {
            mailbox.fetch(List.of()); // if it was selected before, this NOOP updates it
            if (!mailbox.numbersOn(message.uidValidity(), message.uidNext())) {
                throw new ImapException.OutcomeUnknown(null);
            }
            return find(mailbox, message);
        } catch (ImapException.MailboxNotFound e) {
            throw new ImapException.OutcomeUnknown(e);
        }
    }

    private static @Nullable MessageRef find(SelectedMailbox mailbox, UnconfirmedMessage message) {
        var since = mailbox.search(new SearchTerm.Uids(UidSet.from(message.uidNext())));
        var uids = new ArrayList<Long>();
        boolean all = true;
        for (var each = since.iterator(); each.hasNext(); ) {
            long uid = each.nextLong();
            if (uids.size() == MOST_MESSAGES) {
                all = false;
                break;
            }
            if (uid >= message.uidNext()) { // "*" is the last message, however old
                uids.add(uid);
            }
        }
        var candidates = new ArrayList<Long>();
        for (var each : fetch(mailbox, uids, SIZE)) {
            if (each.size() != null && each.size() == message.size()) {
                candidates.add(each.uid());
            }
        }
        all &= candidates.size() <= MOST_CANDIDATES;
        var bounded = candidates.subList(0, Math.min(candidates.size(), MOST_CANDIDATES));
        for (var each : fetch(mailbox, bounded, FetchItems.of().with(BEGINNING))) {
            var octets = each.sections().get(BEGINNING);
            if (octets != null && BeginningDigest.of(octets).equals(message.beginning())) {
                return mailbox.message(each.uid());
            }
        }
        if (!all) {
            throw new ImapException.OutcomeUnknown(null);
        }
        return null;
    }

    private static List<FetchedMessage> fetch(
            SelectedMailbox mailbox, List<Long> uids, FetchItems items) {
        return uids.isEmpty() ? List.of() : mailbox.fetch(UidSet.of(uids), items);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var cancelled = new CancellationException("interrupted while looking for a message");
            cancelled.initCause(e);
            throw cancelled;
        }
    }
}
