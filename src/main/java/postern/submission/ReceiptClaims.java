package postern.submission;

import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.imap.message.UidSet;
import postern.message.metadata.RequestedReceipt;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Lets a receipt be sent once: {@code $MDNSent} is set before it leaves (RFC 3503), and taken away
 * only where it certainly was not sent. A crash in between means that it is never sent, which is
 * better than twice.
 *
 * <p>With CONDSTORE (RFC 7162) the mail server lets one of several replicas win. Elsewhere the
 * shared state does.
 */
@Component
final class ReceiptClaims {

    private static final Logger log = LoggerFactory.getLogger(ReceiptClaims.class);

    private static final FetchItems STATE = FetchItems.of(FetchItem.FLAGS, FetchItem.MOD_SEQ);

    /** Longer than any request. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final byte[] CLAIMED = {1};

    /** Other clients change flags, too. */
    private static final int TRIES = 3;

    private final ImapConnections connections;
    private final SharedState state;

    ReceiptClaims(ImapConnections connections, SharedState state) {
        this.connections = connections;
        this.state = state;
    }

    /** Throws a 409 where the receipt was sent. */
    static void requireUnsent(Set<Flag> flags) {
        if (flags.contains(RequestedReceipt.SENT)) {
            throw alreadySent();
        }
    }

    private static ProblemException alreadySent() {
        return new ProblemException(
                ProblemCode.ALREADY_SENT,
                "the message bears `$mdnsent`: its receipt has been sent, or will never be");
    }

    /** Throws a 422 where the mailbox cannot remember that a receipt was sent (RFC 3503 §3.1). */
    static void requireMemory(SelectedMailbox mailbox) {
        if (!mailbox.state().keeps(RequestedReceipt.SENT)) {
            throw new ImapException.NotPossible(
                    "the mailbox keeps no keyword `$mdnsent`, so that a receipt could be sent twice",
                    null);
        }
    }

    /** The claim of one message, which the caller holds the lock of. */
    Claiming of(Account account, MessageRef message) {
        return new Claiming() {

            private boolean taken;
            private boolean shared;

            @Override
            public void take() {
                try (var mailbox = open(account, message)) {
                    requireMemory(mailbox);
                    boolean counts =
                            mailbox.capabilities().unchangedSince()
                                    && mailbox.state().highestModSeq() != null;
                    if (!counts) {
                        share(account, message);
                        shared = true;
                    }
                    mark(mailbox, message, counts);
                    taken = true;
                }
            }

            @Override
            public boolean release() {
                // the keyword first, since it lasts
                boolean unmarked = !taken || unmark(account, message);
                if (shared) {
                    state.compareAndSet(
                            SharedArea.SUBMISSIONS,
                            key(account, message),
                            CLAIMED,
                            null,
                            REMEMBERED);
                }
                return unmarked;
            }
        };
    }

    private void share(Account account, MessageRef message) {
        if (!state.compareAndSet(
                SharedArea.SUBMISSIONS, key(account, message), null, CLAIMED, REMEMBERED)) {
            throw alreadySent();
        }
    }

    private static void mark(SelectedMailbox mailbox, MessageRef message, boolean counts) {
        var uid = UidSet.of(message.uid());
        var change = FlagChange.add(RequestedReceipt.SENT);
        for (int tries = 1; ; tries++) {
            var before = mailbox.fetch(message.uid(), STATE);
            if (before.flags() == null) {
                throw new ImapException.NotPossible(
                        "the mail server does not tell whether a receipt was sent", null);
            }
            requireUnsent(before.flags());
            var modSeq = before.modSeq();
            try {
                if (counts && modSeq != null) {
                    mailbox.store(uid, change, modSeq);
                } else {
                    mailbox.store(uid, change);
                }
                return;
            } catch (ImapException.MessageModified e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private boolean unmark(Account account, MessageRef message) {
        try (var mailbox = open(account, message)) {
            mailbox.store(UidSet.of(message.uid()), FlagChange.remove(RequestedReceipt.SENT));
            return true;
        } catch (ImapException e) {
            log.warn("a receipt was not sent, and $MDNSent is still set: {}", e.getMessage());
            return false;
        }
    }

    private SelectedMailbox open(Account account, MessageRef message) {
        return connections.select(account, message, Access.READ_WRITE, Lane.INTERACTIVE);
    }

    private static String key(Account account, MessageRef message) {
        return AccountKey.of(account)
                .sharedName(
                        "receipt\n%s\n%d\n%d"
                                .formatted(
                                        message.mailbox().wire(),
                                        message.uidValidity(),
                                        message.uid()));
    }
}
