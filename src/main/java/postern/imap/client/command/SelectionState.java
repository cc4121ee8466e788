package postern.imap.client.command;

import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.SelectedState;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/** The selected mailbox of a connection, and what the server's untagged responses say of it. */
public final class SelectionState {

    private final MailboxName name;
    private final Access access;
    private boolean counted;
    private long messages;
    private long arrived;
    private boolean emptied;
    private boolean reported;
    private long uidValidity;
    private long uidNext;
    private long highestSeen;
    private @Nullable Long highestModSeq;
    private boolean newKeywords;
    private @Nullable Set<Flag> permanentFlags;
    private @Nullable Set<Flag> flags;
    private @Nullable String mailboxId;
    private boolean readOnly;

    SelectionState(MailboxName name, Access access) {
        this.name = name;
        this.access = access;
        this.readOnly = access == Access.READ_ONLY;
    }

    public MailboxName name() {
        return name;
    }

    public boolean serves(MailboxName name, Access access) {
        // A mailbox that was opened read-write serves read-only access as well.
        return this.name.equals(name) && (this.access == access || access == Access.READ_ONLY);
    }

    /** The number of messages reported since SELECT, including those expunged since. */
    long arrived() {
        return arrived;
    }

    /** The number of messages reported as expunged since SELECT. */
    long expunged() {
        return arrived - messages;
    }

    /**
     * Whether all messages were expunged since SELECT, as happens when the mailbox itself is
     * deleted.
     */
    public boolean emptied() {
        return emptied;
    }

    /** The server opened the mailbox read-only (RFC 9051 §6.3.2). */
    void openedReadOnly() {
        readOnly = true;
    }

    /** Records that the server has reported this message on this connection. */
    public void uidSeen(long uid) {
        highestSeen = Math.max(highestSeen, uid);
    }

    /** Whether one of them may be a new message that this connection has not seen yet. */
    public boolean mayHaveArrived(UidSet uids) {
        if (uids.isEmpty()) {
            return false;
        }
        long newest = uids.ranges().getLast().last();
        return newest != UidSet.MAX && newest >= uidNext && newest > highestSeen;
    }

    /** Whether the server sent the number of messages and the UIDVALIDITY. */
    public boolean counted() {
        return counted && uidValidity > 0;
    }

    /** Adds counters that SELECT did not return. */
    public void addCounters(MailboxStatus status) {
        if (!counted && status.messages() != null) {
            messages = status.messages();
            arrived += messages;
            counted = true;
        }
        if (uidValidity == 0 && status.uidValidity() != null) {
            uidValidity = status.uidValidity();
        }
        if (uidNext == 0 && status.uidNext() != null) {
            uidNext = status.uidNext();
        }
    }

    /**
     * Throws when the server did not send the number of messages: the mailbox need not be empty.
     */
    public void throwUnlessCounted() {
        if (!counted) {
            throw new ImapException.ProtocolError(
                    "the mail server does not say how many messages there are", null, null);
        }
    }

    public SelectedState state() {
        return new SelectedState(
                messages,
                uidValidity,
                uidNext,
                highestModSeq,
                newKeywords,
                permanentFlags,
                flags,
                mailboxId,
                readOnly);
    }

    /** Takes EXISTS, EXPUNGE, FLAGS and the response codes of SELECT; false for anything else. */
    public boolean take(Response response) {
        return response.atDigit() ? takeMessageData(response) : takeStatusResponse(response);
    }

    /** Whether the server has reported something about messages since this was asked last. */
    public boolean takeReported() {
        boolean was = reported;
        reported = false;
        return was;
    }

    private boolean takeMessageData(Response response) {
        long number = response.number();
        response.skipSpaces();
        reported = true;
        if (response.skipWord("EXISTS")) {
            if (number > UidSet.MAX) {
                throw new MalformedResponse("a number of messages expected");
            }
            arrived += Math.max(0, number - messages);
            messages = number;
            counted = true;
            emptied = false;
            return true;
        }
        if (response.skipWord("EXPUNGE")) {
            // Ignores sequence numbers that do not exist: 0, or one past the end.
            if (number >= 1 && number <= messages) {
                messages--;
                emptied = messages == 0;
            }
            return true;
        }
        return response.skipWord("RECENT");
    }

    private void parsePermanentFlags(String list) {
        newKeywords = list.contains("\\*");
        permanentFlags =
                Stream.of(list.replaceAll("[()]", " ").strip().split("\\s+", -1))
                        .filter(name -> !name.isEmpty())
                        .map(Flag::new)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Some servers print unsigned 32-bit numbers as signed ones. */
    private static long unsigned(String number) {
        var digits = Response.of(number.strip());
        return digits.skip('-') ? -digits.number() & UidSet.MAX : digits.number();
    }

    /** Messages that were expunged, named by UID; only where QRESYNC is enabled. */
    private void takeVanished(Response response) {
        reported = true;
        response.skipSpaces();
        response.ranges((a, b) -> messages = Math.max(0, messages - Math.abs(b - a) - 1));
        emptied = messages == 0;
    }

    /** The mailbox can be used without a list that cannot be read. */
    private void takeFlags(Response response) {
        var all = new ArrayList<Flag>();
        try {
            response.list(() -> all.add(new Flag(response.flag())));
            flags = Set.copyOf(all);
        } catch (MalformedResponse _) {
            flags = null;
        }
    }

    private boolean takeStatusResponse(Response response) {
        if (response.skipWord("FLAGS")) {
            takeFlags(response);
            return true;
        }
        if (response.skipWord("VANISHED")) {
            if (!response.skipWord("(EARLIER)")) {
                takeVanished(response);
            }
            return true;
        }
        if (!response.skipWord("OK")) {
            return false;
        }
        var code = response.code();
        if (code == null) {
            return false;
        }
        switch (code.name()) {
            case "UIDVALIDITY" -> uidValidity = unsigned(code.arguments());
            case "UIDNEXT" -> {
                long next = unsigned(code.arguments());
                uidNext = next > UidSet.MAX ? 0 : next; // no such UID: as good as not sent
            }
            case "HIGHESTMODSEQ" -> highestModSeq = Response.of(code.arguments()).number();
            case "NOMODSEQ" -> highestModSeq = null;
            case "MAILBOXID" -> {
                var id = code.arguments().replaceAll("[()]", " ").strip();
                mailboxId = MailboxName.validId(id) ? id : null;
            }
            case "PERMANENTFLAGS" -> parsePermanentFlags(code.arguments());
            case "UNSEEN" -> {}
            default -> {
                return false;
            }
        }
        return true;
    }
}
