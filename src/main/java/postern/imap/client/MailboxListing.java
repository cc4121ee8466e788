package postern.imap.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.Namespaces;
import postern.imap.client.command.Command;
import postern.imap.client.command.ListCommand;
import postern.imap.client.command.MyRightsCommand;
import postern.imap.client.command.NamespaceCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StatusCommand;

/** Which mailboxes there are, and what they contain: LIST, LSUB, NAMESPACE and STATUS. */
final class MailboxListing {

    private final CommandChannel channel;
    private @Nullable Namespaces namespaces;

    MailboxListing(CommandChannel channel) {
        this.channel = channel;
    }

    /** LIST; what the server leaves out is requested for each mailbox. */
    List<ListedMailbox> list(Set<ListItem> items) {
        if (items.contains(ListItem.COUNTS) && channel.state().selection() != null) {
            refreshSelected();
        }
        var with = channel.capabilities();
        var listing = list(items, with);
        boolean explained = false;
        for (var refusable = listing.list().extensions();
                !listing.list().answered() && !refusable.isEmpty();
                refusable = listing.list().extensions()) {
            var failure = listing.list().failure();
            // the server gives another reason for its refusal, such as that it is busy
            explained |= failure != null && !listing.list().refusedAsSuch();
            with = with.without(refusable);
            listing = list(items, with);
        }
        var list = listing.list();
        list.throwUnlessOk();
        if (!explained) {
            channel.capabilities().refusedBesides(with).forEach(channel::giveUp);
        }
        requestMissing(list);
        return list.mailboxes(listing.subscribed());
    }

    /**
     * A LIST and the answers of the same flush.
     *
     * @param subscribed null where the server does not say, or where LIST itself returns
     *     subscriptions
     */
    private record Listing(ListCommand list, @Nullable Set<MailboxName> subscribed) {}

    private Listing list(Set<ListItem> items, Capabilities with) {
        var list = ListCommand.list(with, items);
        var subscribed = with.listExtended() ? null : ListCommand.subscribed(with);
        var namespace =
                namespaces == null && channel.capabilities().namespace()
                        ? new NamespaceCommand()
                        : null;
        var ids = ListCommand.ids(with, items);
        channel.exchange(CommandChannel.commands(namespace, list, subscribed, ids));
        if (list.ok() && namespaces == null) {
            namespaces = namespaces(namespace, list);
        }
        if (ids != null && list.answered()) {
            add(list, ids);
        }
        return new Listing(list, subscribed != null && subscribed.ok() ? subscribed.names() : null);
    }

    private void add(ListCommand list, ListCommand ids) {
        if (ids.ok()) {
            list.addIds(ids);
        } else if (ids.misunderstood()) {
            channel.giveUp(RefusedCapabilities.STATUS_MAILBOXID);
        } else {
            // Otherwise mailboxes would have other ids in this list.
            ids.throwUnlessOk();
        }
    }

    /**
     * Sends a NOOP in a flush of its own. Dovecot and Courier answer STATUS of the selected mailbox
     * from what this connection has last seen, and update that only for a command in a separate
     * flush.
     */
    private void refreshSelected() {
        channel.exchange(List.of(SimpleCommand.noop()));
    }

    /** Makes sure that a STATUS of this mailbox is answered with its current counters. */
    void refresh(MailboxName mailbox) {
        if (mailbox.equals(channel.state().selected())) {
            refreshSelected();
        }
    }

    /**
     * Requests the missing items one by one, pipelined; items that the server refuses are left out.
     */
    private void requestMissing(ListCommand list) {
        var missing = list.missing();
        var ids = new ArrayList<StatusCommand>();
        for (int from = 0; from < missing.size(); from += ClientConnection.COMMANDS_AT_ONCE) {
            int to = Math.min(missing.size(), from + ClientConnection.COMMANDS_AT_ONCE);
            var commands = List.copyOf(missing.subList(from, to));
            channel.exchange(commands);
            for (var command : commands) {
                switch (command) {
                    case StatusCommand status when status.asksForIdAlone() -> {
                        ids.add(status);
                        list.add(status);
                    }
                    case StatusCommand status -> list.add(answered(status));
                    case MyRightsCommand rights -> list.add(rights);
                    default -> throw new IllegalStateException();
                }
            }
        }
        // A server that tells any id refuses the others because of their mailboxes.
        if (ids.stream().anyMatch(Command::misunderstood) && ids.stream().noneMatch(Command::ok)) {
            channel.giveUp(RefusedCapabilities.STATUS_MAILBOXID);
        }
    }

    /** STATUS without the extensions that the server announced but refuses. */
    StatusCommand status(MailboxName mailbox) {
        var with = channel.capabilities();
        var command = new StatusCommand(mailbox, with);
        channel.exchange(List.of(command));
        for (var extension = command.suspect();
                extension != null && channel.open();
                extension = command.suspect()) {
            with = with.without(extension);
            command = new StatusCommand(mailbox, with);
            channel.exchange(List.of(command));
            if (command.ok()) {
                channel.giveUp(extension);
            }
        }
        return command;
    }

    /** The STATUS, or another one when an extension may be the cause of a refusal. */
    StatusCommand answered(StatusCommand status) {
        return status.suspect() == null ? status : status(status.mailbox());
    }

    /**
     * Throws the failure of a command that opens or counts a mailbox. When the server gives no
     * reason, LIST shows whether the mailbox exists.
     */
    void throwUnlessFound(MailboxName mailbox, @Nullable ImapException failure) {
        if (failure instanceof ImapException.NotPossible) {
            var selectable = selectable();
            if (selectable != null && !selectable.contains(mailbox)) {
                throw new ImapException.MailboxNotFound(failure.responseCode());
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The mailboxes that can be selected; null when LIST fails. */
    @Nullable Set<MailboxName> selectable() {
        var with = channel.capabilities().without(RefusedCapabilities.LIST_EXTENDED);
        var list = ListCommand.names(with);
        channel.exchange(List.of(list));
        return list.answered() ? list.selectable() : null;
    }

    /** The namespaces, which do not change during a connection. */
    Namespaces namespaces() {
        if (namespaces == null && channel.capabilities().namespace()) {
            var command = new NamespaceCommand();
            channel.exchange(List.of(command));
            namespaces = command.ok() ? command.namespaces() : null;
        }
        if (namespaces == null) {
            list(Set.of());
        }
        return Objects.requireNonNull(namespaces);
    }

    private static Namespaces namespaces(@Nullable NamespaceCommand namespace, ListCommand list) {
        if (namespace != null && namespace.ok() && namespace.namespaces() != null) {
            return namespace.namespaces();
        }
        var delimiter =
                list.mailboxes(null).stream()
                        .map(ListedMailbox::delimiter)
                        .filter(d -> d != null)
                        .findFirst()
                        .orElse(null);
        return new Namespaces(
                List.of(new Namespaces.Namespace("", delimiter)), List.of(), List.of());
    }
}
