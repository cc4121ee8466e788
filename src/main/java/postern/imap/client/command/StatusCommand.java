package postern.imap.client.command;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** STATUS (RFC 9051 §6.3.11). */
public final class StatusCommand extends Command {

    static final String ID_ALONE = "(MAILBOXID)";

    private final MailboxName mailbox;
    private final Capabilities capabilities;
    private final boolean counts;
    private @Nullable MailboxStatus status;

    public StatusCommand(MailboxName mailbox, Capabilities capabilities) {
        this(mailbox, capabilities, true);
    }

    private StatusCommand(MailboxName mailbox, Capabilities capabilities, boolean counts) {
        super("STATUS");
        this.mailbox = mailbox;
        this.capabilities = capabilities;
        this.counts = counts;
    }

    /**
     * STATUS that asks for MAILBOXID alone: beside counters Cyrus 3.6 sends octets of memory that
     * it has freed. Requires {@link Capabilities#mailboxIds()}.
     */
    static StatusCommand ofId(MailboxName mailbox, Capabilities capabilities) {
        return new StatusCommand(mailbox, capabilities, false);
    }

    static String items(Capabilities capabilities) {
        return "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY"
                + (capabilities.condStore() ? " HIGHESTMODSEQ" : "")
                + (capabilities.statusSize() ? " SIZE)" : ")");
    }

    @Override
    public void write(CommandLine line) {
        line.words("STATUS ")
                .mailbox(mailbox)
                .space()
                .words(counts ? items(capabilities) : ID_ALONE);
    }

    /** The extension whose item may be the cause of a refusal; null for none. */
    public @Nullable String suspect() {
        if (!misunderstood() || !counts) {
            return null;
        }
        if (capabilities.statusSize()) {
            return RefusedCapabilities.STATUS_SIZE;
        }
        return capabilities.condStore() ? RefusedCapabilities.CONDSTORE : null;
    }

    public boolean asksForIdAlone() {
        return !counts;
    }

    public MailboxName mailbox() {
        return mailbox;
    }

    /**
     * An answer that cannot be parsed counts as no answer; it affects neither the connection nor
     * other mailboxes.
     */
    @Override
    public boolean take(Response response) {
        if (!response.skipWord("STATUS")) {
            return false;
        }
        try {
            if (!mailbox.equals(nameBeforeList(response))) {
                return false;
            }
            status = parse(response);
        } catch (MalformedResponse _) {
            // counts as no answer
        }
        return true;
    }

    /**
     * Servers refuse to count mailboxes for many reasons, so that MailboxNotFound is only for those
     * that say so.
     */
    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        var textWithoutName = ServerRefusals.withoutName(text, mailbox);
        var exception = super.refusal(code, textWithoutName);
        return exception instanceof ImapException.MailboxNotFound
                        && !ServerRefusals.saysNonexistent(code, textWithoutName)
                ? new ImapException.NotPossible("the mail server does not count this mailbox", code)
                : exception;
    }

    public @Nullable MailboxStatus status() {
        return status;
    }

    /** The mailbox name in a response; null for an invalid one. */
    static @Nullable MailboxName mailboxName(Response response) {
        response.skipSpaces();
        return nameOf(response.latin1());
    }

    /** The mailbox name before a list; some servers send names with blanks unquoted. */
    static @Nullable MailboxName nameBeforeList(Response response) {
        response.skipSpaces();
        return nameOf(response.bareName(StatusCommand::beforeLastList));
    }

    /** Where the list at the end begins, which may contain lists. */
    private static int beforeLastList(String rest) {
        int depth = 0;
        for (int at = rest.length() - 1; at > 0; at--) {
            if (rest.charAt(at) == ')') {
                depth++;
            } else if (rest.charAt(at) == '(' && --depth <= 0) {
                return rest.charAt(at - 1) == ' ' ? at - 1 : rest.lastIndexOf(" (");
            }
        }
        return -1;
    }

    /**
     * The mailbox name at the end of the response, or before a list of strings; it may contain
     * unquoted blanks.
     */
    static @Nullable MailboxName nameAtEnd(Response response) {
        response.skipSpaces();
        return nameOf(response.bareName(rest -> rest.indexOf(" (\"")));
    }

    private static @Nullable MailboxName nameOf(@Nullable String wire) {
        try {
            return wire == null ? new MailboxName("NIL") : new MailboxName(wire);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** Parses the items after the name; missing or invalid ones stay unknown. */
    static MailboxStatus parse(Response response) {
        var ids = new HashMap<String, String>();
        var numbers = numbers(response, ids);
        return new MailboxStatus(
                numbers.get("MESSAGES"),
                numbers.get("UNSEEN"),
                numbers.get("UIDNEXT"),
                numbers.get("UIDVALIDITY"),
                numbers.get("HIGHESTMODSEQ"),
                numbers.get("SIZE"),
                ids.get("MAILBOXID"));
    }

    /** The items that have a number, by their names, up to one that cannot be parsed. */
    static Map<String, Long> numbers(Response response) {
        return numbers(response, new HashMap<>());
    }

    private static Map<String, Long> numbers(Response response, Map<String, String> ids) {
        var numbers = new HashMap<String, Long>();
        response.skipSpaces();
        try {
            response.list(() -> {
                var item = response.itemName();
                response.skipSpaces();
                if (response.atDigit()) {
                    numbers.put(item, response.number());
                } else if (item.equals("MAILBOXID") && response.peek() == '(') {
                    response.list(() -> {
                        var id = response.word();
                        if (MailboxName.validId(id)) {
                            ids.put(item, id);
                        }
                    });
                } else {
                    response.skipValue();
                }
            });
        } catch (MalformedResponse _) {
            // the items parsed so far are kept
        }
        return numbers;
    }
}
