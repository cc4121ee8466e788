package postern.imap.client;

import java.util.List;
import postern.imap.Access;
import postern.imap.MailboxName;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SelectionState;

/** Selects mailboxes by SELECT or EXAMINE, where they are not selected already. */
final class MailboxOpener {

    private final CommandChannel channel;
    private final MailboxListing listing;

    MailboxOpener(CommandChannel channel, MailboxListing listing) {
        this.channel = channel;
        this.listing = listing;
    }

    SelectionState select(MailboxName mailbox, Access access) {
        var current = channel.state().selection();
        // Cyrus reports the deletion of a mailbox only by expunging all of its messages.
        if (current != null && current.serves(mailbox, access) && !current.emptied()) {
            return current;
        }
        var command = new SelectCommand(mailbox, access, channel.capabilities());
        channel.exchange(List.of(command));
        if (channel.capabilities().condStore() && command.misunderstood()) {
            var without = channel.capabilities().without(RefusedCapabilities.CONDSTORE);
            command = new SelectCommand(mailbox, access, without);
            channel.exchange(List.of(command));
            if (command.ok()) {
                channel.giveUp(RefusedCapabilities.CONDSTORE);
            }
        }
        listing.throwUnlessFound(mailbox, command.failure());
        var selection = command.selection();
        requestCounters(selection);
        selection.throwUnlessCounted();
        return selection;
    }

    /** Requests by STATUS the counters that SELECT did not return. */
    private void requestCounters(SelectionState selection) {
        if (!selection.counted()) {
            var status = listing.status(selection.name());
            if (status.ok() && status.status() != null) {
                selection.addCounters(status.status());
            }
        }
    }

    /**
     * Selects another mailbox when this one, or one below it, is selected: its name will no longer
     * exist, or belong to another mailbox.
     */
    void deselect(MailboxName mailbox) {
        var selected = channel.state().selected();
        if (selected != null && selected.wire().startsWith(mailbox.wire())) {
            select(MailboxName.INBOX, Access.READ_ONLY);
            if (selected.inbox()) {
                channel.state().select(null);
            }
        }
    }

    /** Courier, which has no LITERAL+, refuses APPEND to the mailbox that is selected read-only. */
    void permitAppend(MailboxName mailbox) {
        var current = channel.state().selection();
        if (current != null
                && current.serves(mailbox, Access.READ_ONLY)
                && !current.serves(mailbox, Access.READ_WRITE)
                && !channel.capabilities().literalPlus()) {
            select(mailbox, Access.READ_WRITE);
        }
    }
}
