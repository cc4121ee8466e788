package postern.imap.client;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.deadline.Deadlines;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.Appended;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.Grant;
import postern.imap.IdleWait;
import postern.imap.ImapException;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.imap.MailboxReport;
import postern.imap.MailboxRole;
import postern.imap.MailboxStatus;
import postern.imap.Namespaces;
import postern.imap.PoolableConnection;
import postern.imap.Quota;
import postern.imap.Rights;
import postern.imap.SelectedMailbox;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
import postern.imap.client.command.AclCommand;
import postern.imap.client.command.AppendCommand;
import postern.imap.client.command.AppendLimitCommand;
import postern.imap.client.command.ChangeAclCommand;
import postern.imap.client.command.Command;
import postern.imap.client.command.CreateCommand;
import postern.imap.client.command.IdCommand;
import postern.imap.client.command.MyRightsCommand;
import postern.imap.client.command.Notifications;
import postern.imap.client.command.QuotaCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StatusCommand;
import postern.imap.client.wire.ConnectionProperties;
import postern.imap.client.wire.TrackedSockets;
import postern.imap.client.wire.Wire;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;

/**
 * A logged-in connection. A method that needs one command sends it from here; operations of several
 * commands have classes of their own.
 */
public final class ClientConnection implements PoolableConnection {

    /** The most commands that are sent for a list of mailboxes before their answers are read. */
    static final int COMMANDS_AT_ONCE = 100;

    private final CommandChannel channel;
    private final MailboxListing listing;
    private final MailboxOpener opener;
    private final @Nullable IdCommand id;

    public ClientConnection(
            Wire wire,
            Capabilities capabilities,
            TrackedSockets sockets,
            ConnectionProperties properties,
            Deadlines deadlines,
            MeterRegistry meters,
            Account account,
            RefusedCapabilities refused) {
        var state = new ConnectionState(account, capabilities, refused);
        id = state.capabilities().has("ID") ? new IdCommand() : null;
        var enable =
                state.capabilities().utf8Only()
                        ? new SimpleCommand("ENABLE", line -> line.words("ENABLE UTF8=ACCEPT"))
                        : null;
        var introduction = CommandChannel.commands(id, enable);
        channel =
                new CommandChannel(
                        wire, sockets, properties, deadlines, meters, state, introduction);
        listing = new MailboxListing(channel);
        opener = new MailboxOpener(channel, listing);
    }

    @Override
    public Capabilities capabilities() {
        return channel.capabilities();
    }

    @Override
    public Map<String, String> serverId() {
        if (id == null) {
            return Map.of();
        }
        if (!id.ended()) {
            channel.exchange(List.of(SimpleCommand.noop()));
        }
        return id.server();
    }

    @Override
    public List<ListedMailbox> list(Set<ListItem> items) {
        return listing.list(items);
    }

    @Override
    public MailboxStatus status(MailboxName mailbox) {
        listing.refresh(mailbox);
        var command = listing.status(mailbox);
        listing.throwUnlessFound(mailbox, command.failure());
        var status = command.status();
        return status == null ? MailboxStatus.UNKNOWN : status;
    }

    @Override
    public Namespaces namespaces() {
        return listing.namespaces();
    }

    @Override
    public SelectedMailbox select(MailboxName mailbox, Access access) {
        return new ClientMailbox(channel, opener.select(mailbox, access));
    }

    @Override
    public List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        return new ExamineFlushes(channel, listing, opener).outcomes(visits);
    }

    @Override
    public SyncedMailbox sync(MailboxName mailbox, SyncRequest request) {
        return new MailboxSync(channel, listing, mailbox, request).run();
    }

    @Override
    public void idle(MailboxName mailbox, IdleWait wait) {
        new MailboxIdle(channel, opener, wait).run(mailbox);
    }

    @Override
    public void idleEverywhere(IdleWait wait) {
        new MailboxIdle(channel, opener, wait).runEverywhere();
    }

    @Override
    public void endReports() {
        if (channel.state().notifications() != null) {
            channel.run(new SimpleCommand("NOTIFY", line -> line.words(Notifications.NONE)));
            channel.state().notifications(null);
        }
    }

    @Override
    public boolean syncsQuickly() {
        var state = channel.state();
        return state.reportsVanished() || state.mayEnable() || !channel.capabilities().qresync();
    }

    @Override
    public boolean reportsVanished() {
        return channel.state().reportsVanished();
    }

    @Override
    public @Nullable MailboxName selected() {
        return channel.state().selected();
    }

    @Override
    public void create(MailboxName mailbox, @Nullable MailboxRole role) {
        boolean use =
                role != null
                        && !role.attribute().isEmpty()
                        && channel.capabilities().createSpecialUse();
        try {
            channel.run(new CreateCommand(mailbox, use ? role : null));
        } catch (ImapException.NotPossible e) {
            // Courier refuses an existing name without a reason.
            throw exists(mailbox) ? new ImapException.MailboxExists(e.responseCode()) : e;
        }
    }

    private boolean exists(MailboxName mailbox) {
        var selectable = listing.selectable();
        return selectable != null && selectable.contains(mailbox);
    }

    @Override
    public void delete(MailboxName mailbox) {
        opener.deselect(mailbox);
        channel.run(
                new SimpleCommand(
                        "DELETE",
                        line -> line.words("DELETE ").mailbox(mailbox),
                        "the mail server does not delete this mailbox"));
    }

    @Override
    public void rename(MailboxName mailbox, MailboxName to) {
        opener.deselect(mailbox);
        try {
            channel.run(
                    new SimpleCommand(
                            "RENAME",
                            line -> line.words("RENAME ").mailbox(mailbox).space().mailbox(to),
                            "the mail server does not rename this mailbox so"));
        } catch (ImapException.NotPossible e) {
            throw exists(to) ? new ImapException.MailboxExists(e.responseCode()) : e;
        }
    }

    @Override
    public void subscribe(List<MailboxName> mailboxes) {
        runForEach("SUBSCRIBE", mailboxes);
    }

    @Override
    public void unsubscribe(List<MailboxName> mailboxes) {
        runForEach("UNSUBSCRIBE", mailboxes);
    }

    private void runForEach(String verb, List<MailboxName> mailboxes) {
        for (int from = 0; from < mailboxes.size(); from += COMMANDS_AT_ONCE) {
            channel.run(
                    mailboxes.stream()
                            .skip(from)
                            .limit(COMMANDS_AT_ONCE)
                            .map(it ->
                                    new SimpleCommand(
                                            verb, line -> line.words(verb + " ").mailbox(it)))
                            .toArray(Command[]::new));
        }
    }

    @Override
    public List<Quota> quota(MailboxName mailbox) {
        if (!channel.capabilities().quota()) {
            return List.of();
        }
        var command = new QuotaCommand(mailbox);
        channel.exchange(List.of(command));
        return command.ok() ? command.quotas() : List.of();
    }

    @Override
    public MailboxReport report(MailboxName mailbox) {
        listing.refresh(mailbox);
        var capabilities = channel.capabilities();
        var status = new StatusCommand(mailbox, capabilities);
        var rights = capabilities.acl() ? new MyRightsCommand(mailbox) : null;
        var quota = capabilities.quota() ? new QuotaCommand(mailbox) : null;
        channel.exchange(CommandChannel.commands(status, rights, quota));
        status = listing.answered(status);
        return new MailboxReport(
                status.ok() ? status.status() : null,
                rights != null && rights.ok() ? rights.rights() : null,
                quota != null && quota.ok() ? quota.quotas() : List.of());
    }

    @Override
    public Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes) {
        if (!channel.capabilities().acl() || mailboxes.isEmpty()) {
            return Map.of();
        }
        var commands = mailboxes.stream().map(MyRightsCommand::new).toList();
        channel.exchange(List.copyOf(commands));
        var rights = new HashMap<MailboxName, Rights>();
        for (var command : commands) {
            if (command.ok() && command.rights() != null) {
                rights.put(command.mailbox(), command.rights());
            }
        }
        return rights;
    }

    @Override
    public List<Grant> acl(MailboxName mailbox) {
        var command = new AclCommand(mailbox);
        channel.run(command);
        return command.grants();
    }

    @Override
    public void setAcl(MailboxName mailbox, Grant grant) {
        channel.run(ChangeAclCommand.set(mailbox, grant));
    }

    @Override
    public void deleteAcl(MailboxName mailbox, String identifier) {
        channel.run(ChangeAclCommand.delete(mailbox, identifier));
    }

    @Override
    public OptionalLong appendLimit(MailboxName mailbox) {
        var everywhere = channel.capabilities().appendLimit();
        if (everywhere.isPresent() || !channel.capabilities().has("APPENDLIMIT")) {
            return everywhere;
        }
        var command = new AppendLimitCommand(mailbox);
        channel.exchange(List.of(command));
        if (command.refusedAsSuch()) {
            // the server will report its limit when a message is appended
            return OptionalLong.empty();
        }
        command.throwUnlessOk();
        return command.limit();
    }

    @Override
    public Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        opener.permitAppend(mailbox);
        var command = AppendCommand.append(mailbox, flags, internalDate, octets);
        return new MessageUpload(channel).send(command, message);
    }

    @Override
    public List<AppendOutcome> append(MailboxName mailbox, List<MessageToAppend> messages) {
        var appends =
                messages.stream().map(message -> PipelinedAppend.of(mailbox, message)).toList();
        ImapException failure = null;
        try {
            opener.permitAppend(mailbox);
            new MessageUpload(channel).send(appends);
        } catch (ImapException e) {
            failure = e;
        }
        var lost =
                failure != null
                        ? failure
                        : new ImapException.ConnectionLost("the connection was lost", null);
        var accountTag = channel.state().accountTag();
        return appends.stream().map(append -> append.outcome(lost, accountTag)).toList();
    }

    @Override
    public boolean usable() {
        return channel.usable();
    }

    @Override
    public long answers() {
        return channel.responses().answers();
    }

    @Override
    public boolean hasUnreadInput() {
        try {
            return channel.wire().readableOrEnded();
        } catch (IOException _) {
            return true;
        }
    }

    @Override
    public void answersReleased() {
        if (channel.open()) {
            channel.wire().restartBudget();
        } else {
            channel.wire().discard();
        }
    }

    @Override
    public void abort() {
        channel.abort();
    }

    @Override
    public void close() {
        if (channel.open()) {
            try {
                channel.run(new SimpleCommand("LOGOUT", line -> line.words("LOGOUT")));
            } catch (ImapException _) {
                // the connection is closed anyway
            }
        }
        abort();
    }

    /** For tests and logs; contains no user name. */
    @Override
    public String toString() {
        return "ClientConnection[usable=%s, selected=%s]"
                .formatted(usable(), channel.state().selection() != null);
    }
}
