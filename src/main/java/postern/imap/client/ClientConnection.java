package postern.imap.client;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.Appended;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.Grant;
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
import postern.imap.client.command.AclCommand;
import postern.imap.client.command.AppendCommand;
import postern.imap.client.command.AppendLimitCommand;
import postern.imap.client.command.ChangeAclCommand;
import postern.imap.client.command.Command;
import postern.imap.client.command.CreateCommand;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.FetchExtras;
import postern.imap.client.command.IdCommand;
import postern.imap.client.command.ListCommand;
import postern.imap.client.command.MyRightsCommand;
import postern.imap.client.command.NamespaceCommand;
import postern.imap.client.command.QuotaCommand;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchGrammar;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SelectionState;
import postern.imap.client.command.SimpleCommand;
import postern.imap.client.command.StatusCommand;
import postern.imap.client.command.StreamCommand;
import postern.imap.client.command.UidResultCommand;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.ConnectionProperties;
import postern.imap.client.wire.Deadlines;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;
import postern.imap.client.wire.TrackedSockets;
import postern.imap.client.wire.Wire;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;
import postern.imap.message.UidSet;

/**
 * A logged-in connection. All commands of a call are sent in one flush; then responses are read
 * until each command has ended. Any failure in between leaves the connection in an unknown state,
 * and it is closed at once.
 */
public final class ClientConnection implements PoolableConnection {

    private static final int COPY_BUFFER = 32 * 1024;

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int QUESTIONS_AT_ONCE = 100;
    private static final long OCTETS_STORED_A_SECOND = 1_000_000;
    private static final int VISIT_OCTETS = 16 * 1024;

    private final Wire wire;
    private final TrackedSockets sockets;
    private final ConnectionProperties properties;
    private final Deadlines deadlines;
    private final MeterRegistry meters;
    private final ImapServer server;
    private final AccountTag accountTag;
    private final RefusedCapabilities refused;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final SearchGrammar grammar = new SearchGrammar();
    private final FetchExtras fetchExtras = new FetchExtras();
    private List<Command> exchanged = List.of();
    private Capabilities capabilities;
    private @Nullable Map<String, String> serverId;
    private @Nullable IdCommand introduction;
    private @Nullable SimpleCommand utf8;
    private @Nullable Namespaces namespaces;
    private @Nullable SelectionState selection;
    private boolean goAhead;
    private @Nullable String awaitsGoAhead;
    private boolean literalsTaken;
    private boolean lostMailbox;
    private boolean deadLogin;
    private long answers;
    private int tags;
    private volatile boolean usable = true;
    private volatile boolean timedOut;

    /** A command whose tagged response has not been read yet. */
    private record Pending(String tag, Command command) {}

    public ClientConnection(
            Wire wire,
            Capabilities capabilities,
            TrackedSockets sockets,
            ConnectionProperties properties,
            Deadlines deadlines,
            MeterRegistry meters,
            Account account,
            RefusedCapabilities refused) {
        this.wire = wire;
        this.sockets = sockets;
        this.properties = properties;
        this.deadlines = deadlines;
        this.meters = meters;
        this.server = account.server();
        this.accountTag = AccountTag.of(account);
        this.refused = refused;
        this.capabilities = refused.without(server, capabilities);
        // ID is sent together with the first command, so that it costs no round trip.
        this.introduction = this.capabilities.has("ID") ? new IdCommand() : null;
        this.utf8 =
                this.capabilities.utf8Only()
                        ? new SimpleCommand("ENABLE", line -> line.words("ENABLE UTF8=ACCEPT"))
                        : null;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public Map<String, String> serverId() {
        if (introduction != null) {
            exchange(List.of(SimpleCommand.noop()));
        }
        return serverId == null ? Map.of() : serverId;
    }

    AccountTag accountTag() {
        return accountTag;
    }

    /**
     * Stops using a capability that the server announced, or that another one includes, and that it
     * refused when it was used. This applies for a while to all connections to that server.
     */
    void giveUp(String capability) {
        refused.add(server, capability);
        capabilities = capabilities.without(capability);
    }

    @Override
    public List<ListedMailbox> list(Set<ListItem> items) {
        if (items.contains(ListItem.COUNTS)) {
            lookAtOpenMailbox();
        }
        var with = capabilities;
        var listing = listing(items, with);
        var list = listing.list();
        for (var less = list.extensions();
                !list.answered() && !less.isEmpty();
                less = list.extensions()) {
            with = with.without(less);
            listing = listing(items, with);
            list = listing.list();
        }
        list.throwUnlessOk();
        capabilities.refusedBesides(with).forEach(this::giveUp);
        ask(list);
        return list.mailboxes(listing.subscribed());
    }

    /**
     * A LIST and the answers of the same flush.
     *
     * @param subscribed null where the server does not say, or where LIST itself returns
     *     subscriptions
     */
    private record Listing(ListCommand list, @Nullable Set<MailboxName> subscribed) {}

    private Listing listing(Set<ListItem> items, Capabilities with) {
        var list = ListCommand.list(with, items);
        var subscribed = with.listExtended() ? null : ListCommand.subscribed(with);
        var spaces = namespaces == null && capabilities.namespace() ? new NamespaceCommand() : null;
        exchange(commands(spaces, list, subscribed));
        if (list.ok()) {
            remember(spaces, list);
        }
        return new Listing(list, subscribed != null && subscribed.ok() ? subscribed.names() : null);
    }

    /**
     * Sends a NOOP in a flush of its own. Dovecot and Courier answer STATUS of the selected mailbox
     * from what this connection has last seen, and update that only for a command in a separate
     * flush.
     */
    private void lookAtOpenMailbox() {
        if (selection != null) {
            exchange(List.of(SimpleCommand.noop()));
        }
    }

    private void lookAtOpenMailbox(MailboxName counted) {
        if (selection != null && selection.name().equals(counted)) {
            lookAtOpenMailbox();
        }
    }

    /**
     * Requests the missing items one by one, pipelined; items that the server refuses are left out.
     */
    private void ask(ListCommand list) {
        var missing = list.missing();
        for (int from = 0; from < missing.size(); from += QUESTIONS_AT_ONCE) {
            var some = missing.subList(from, Math.min(missing.size(), from + QUESTIONS_AT_ONCE));
            exchange(List.copyOf(some));
            for (var command : some) {
                switch (command) {
                    case StatusCommand status ->
                            list.add(status.suspect() == null ? status : counted(status.mailbox()));
                    case MyRightsCommand rights -> list.add(rights);
                    default -> throw new IllegalStateException();
                }
            }
        }
    }

    @Override
    public MailboxStatus status(MailboxName mailbox) {
        lookAtOpenMailbox(mailbox);
        var command = counted(mailbox);
        throwUnlessFound(mailbox, command.failure());
        var status = command.status();
        return status == null ? MailboxStatus.UNTOLD : status;
    }

    /** STATUS without the extensions that the server announced but refuses. */
    private StatusCommand counted(MailboxName mailbox) {
        var with = capabilities;
        var command = new StatusCommand(mailbox, with);
        exchange(List.of(command));
        for (var extra = command.suspect(); extra != null && usable; extra = command.suspect()) {
            with = with.without(extra);
            command = new StatusCommand(mailbox, with);
            exchange(List.of(command));
            if (command.ok()) {
                giveUp(extra);
            }
        }
        return command;
    }

    /**
     * Throws the failure of a command that opens or counts a mailbox. When the server gives no
     * reason, LIST shows whether the mailbox exists.
     */
    private void throwUnlessFound(MailboxName mailbox, @Nullable ImapException failure) {
        if (failure instanceof ImapException.NotPossible) {
            var there = selectable();
            if (there != null && !there.contains(mailbox)) {
                throw new ImapException.MailboxNotFound(failure.responseCode());
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The mailboxes that can be selected; null when LIST fails. */
    private @Nullable Set<MailboxName> selectable() {
        var list = ListCommand.list(capabilities.without(plain()), Set.of());
        exchange(List.of(list));
        return list.answered() ? list.selectable() : null;
    }

    private static String plain() {
        return RefusedCapabilities.LIST_EXTENDED;
    }

    @Override
    public Namespaces namespaces() {
        if (namespaces == null && capabilities.namespace()) {
            var command = new NamespaceCommand();
            exchange(List.of(command));
            namespaces = command.ok() ? command.namespaces() : null;
        }
        if (namespaces == null) {
            list(Set.of());
        }
        return Objects.requireNonNull(namespaces);
    }

    /** Remembers the namespaces, which do not change during a connection. */
    private void remember(@Nullable NamespaceCommand told, ListCommand list) {
        if (namespaces != null) {
            return;
        }
        if (told != null && told.ok() && told.namespaces() != null) {
            namespaces = told.namespaces();
            return;
        }
        var delimiter =
                list.mailboxes(null).stream()
                        .map(ListedMailbox::delimiter)
                        .filter(d -> d != null)
                        .findFirst()
                        .orElse(null);
        namespaces =
                new Namespaces(
                        List.of(new Namespaces.Namespace("", delimiter)), List.of(), List.of());
    }

    @Override
    public SelectedMailbox select(MailboxName mailbox, Access access) {
        var open = selection;
        // Cyrus reports the deletion of a mailbox only by expunging all of its messages.
        if (open != null && open.is(mailbox, access) && !open.emptied()) {
            return new ClientMailbox(this, open);
        }
        var command = new SelectCommand(mailbox, access, capabilities);
        exchange(List.of(command));
        if (capabilities.condStore() && command.misunderstood()) {
            var without = capabilities.without(RefusedCapabilities.CONDSTORE);
            command = new SelectCommand(mailbox, access, without);
            exchange(List.of(command));
            if (command.ok()) {
                giveUp(RefusedCapabilities.CONDSTORE);
            }
        }
        throwUnlessFound(mailbox, command.failure());
        complete(command.selection());
        command.selection().throwUnlessCounted();
        return new ClientMailbox(this, command.selection());
    }

    /** Requests by STATUS the counters that SELECT did not return. */
    private void complete(SelectionState opened) {
        if (!opened.counted()) {
            var status = counted(opened.name());
            if (status.ok() && status.status() != null) {
                opened.complete(status.status());
            }
        }
    }

    @Override
    public List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        var outcomes = new ArrayList<MailboxOutcome<ExaminedMailbox>>();
        var unexplained = new HashSet<MailboxName>();
        for (int from = 0; from < visits.size(); ) {
            var flush = new ArrayList<ExamineCommands>();
            int octets = 0;
            // While we do not read, the server may stop reading, too; so each flush is kept small.
            while (from < visits.size() && (flush.isEmpty() || octets < VISIT_OCTETS)) {
                var visit = new ExamineCommands(visits.get(from++), grammar, capabilities);
                octets += visit.octets(capabilities);
                flush.add(visit);
            }
            carryOut(flush);
            for (var again = again(flush); !again.isEmpty(); again = again(flush)) {
                carryOut(again);
            }
            for (var visit : flush) {
                visit.refused().forEach(this::giveUp);
                outcomes.add(visit.outcome(this));
                visit.refusedWithoutReason().ifPresent(unexplained::add);
            }
        }
        return unexplained.isEmpty() ? outcomes : found(outcomes, unexplained);
    }

    /**
     * Replaces the outcome of mailboxes that were refused without a reason and that do not exist.
     */
    private List<MailboxOutcome<ExaminedMailbox>> found(
            List<MailboxOutcome<ExaminedMailbox>> outcomes, Set<MailboxName> unexplained) {
        var there = selectable();
        if (there != null) {
            unexplained.removeAll(there);
            outcomes.replaceAll(it ->
                    unexplained.contains(it.mailbox())
                            ? new MailboxOutcome.Refused<>(
                                    it.mailbox(), new ImapException.MailboxNotFound(null))
                            : it);
        }
        return outcomes;
    }

    /** Replaces the visits that have to be repeated, and returns the new ones. */
    private List<ExamineCommands> again(List<ExamineCommands> visits) {
        var again = new ArrayList<ExamineCommands>();
        visits.replaceAll(visit -> {
            var other = visit.again(capabilities, fetchExtras);
            if (other == null) {
                return visit;
            }
            again.add(other);
            return other;
        });
        return again;
    }

    private void carryOut(List<ExamineCommands> visits) {
        var flush = new ArrayList<ExamineCommands>();
        int octets = 0;
        for (var visit : visits) {
            if (!flush.isEmpty() && octets >= VISIT_OCTETS) {
                carryOutAtOnce(flush);
                flush.clear();
                octets = 0;
            }
            octets += visit.octets(capabilities);
            flush.add(visit);
        }
        carryOutAtOnce(flush);
    }

    private void carryOutAtOnce(List<ExamineCommands> flush) {
        if (!flush.isEmpty()) {
            exchange(
                    properties
                            .commandTimeout()
                            .multipliedBy(flush.stream().mapToInt(ExamineCommands::searches).sum()),
                    flush.stream().flatMap(visit -> visit.commands().stream()).toList());
        }
    }

    @Override
    public @Nullable MailboxName selected() {
        var open = selection;
        return open == null ? null : open.name();
    }

    /**
     * Closes the connection when its selected mailbox was deleted or renamed: what the server says
     * of it afterwards is useless, and may be about another mailbox of the same name.
     */
    void requireMailbox(List<Command> commands) {
        if (lostMailbox || commands.stream().anyMatch(Command::missesMailbox)) {
            abort();
            throw new ImapException.ConnectionLost("the mailbox that was open is no more", null);
        }
    }

    FetchExtras fetchExtras() {
        return fetchExtras;
    }

    SearchGrammar searchGrammar() {
        return grammar;
    }

    @Nullable SelectionState selection() {
        return selection;
    }

    @Override
    public void create(MailboxName mailbox, @Nullable MailboxRole role) {
        var given = role == null || role.attribute().isEmpty() ? null : role;
        try {
            run(new CreateCommand(mailbox, capabilities.createSpecialUse() ? given : null));
        } catch (ImapException.NotPossible e) {
            // Courier refuses an existing name without a reason.
            throw listed(mailbox) ? new ImapException.MailboxExists(e.responseCode()) : e;
        }
    }

    private boolean listed(MailboxName mailbox) {
        var there = selectable();
        return there != null && there.contains(mailbox);
    }

    @Override
    public void delete(MailboxName mailbox) {
        leave(mailbox);
        run(
                new SimpleCommand(
                        "DELETE",
                        line -> line.words("DELETE ").mailbox(mailbox),
                        "the mail server does not delete this mailbox"));
    }

    @Override
    public void rename(MailboxName mailbox, MailboxName to) {
        leave(mailbox);
        try {
            run(
                    new SimpleCommand(
                            "RENAME",
                            line -> line.words("RENAME ").mailbox(mailbox).space().mailbox(to),
                            "the mail server does not rename this mailbox so"));
        } catch (ImapException.NotPossible e) {
            throw listed(to) ? new ImapException.MailboxExists(e.responseCode()) : e;
        }
    }

    /**
     * Selects another mailbox when this one, or one below it, is selected: its name will no longer
     * exist, or belong to another mailbox.
     */
    private void leave(MailboxName mailbox) {
        var open = selected();
        if (open != null && open.wire().startsWith(mailbox.wire())) {
            select(MailboxName.INBOX, Access.READ_ONLY);
            if (open.inbox()) {
                selection = null;
            }
        }
    }

    @Override
    public void subscribe(List<MailboxName> mailboxes) {
        each("SUBSCRIBE", mailboxes);
    }

    @Override
    public void unsubscribe(List<MailboxName> mailboxes) {
        each("UNSUBSCRIBE", mailboxes);
    }

    private void each(String verb, List<MailboxName> mailboxes) {
        for (int from = 0; from < mailboxes.size(); from += QUESTIONS_AT_ONCE) {
            run(
                    mailboxes.stream()
                            .skip(from)
                            .limit(QUESTIONS_AT_ONCE)
                            .map(it ->
                                    new SimpleCommand(
                                            verb, line -> line.words(verb + " ").mailbox(it)))
                            .toArray(Command[]::new));
        }
    }

    @Override
    public List<Quota> quota(MailboxName mailbox) {
        if (!capabilities.quota()) {
            return List.of();
        }
        var command = new QuotaCommand(mailbox);
        exchange(List.of(command));
        return command.ok() ? command.quotas() : List.of();
    }

    @Override
    public MailboxReport report(MailboxName mailbox) {
        lookAtOpenMailbox(mailbox);
        var status = new StatusCommand(mailbox, capabilities);
        var rights = capabilities.acl() ? new MyRightsCommand(mailbox) : null;
        var quota = capabilities.quota() ? new QuotaCommand(mailbox) : null;
        exchange(commands(status, rights, quota));
        status = status.suspect() == null ? status : counted(mailbox);
        return new MailboxReport(
                status.ok() ? status.status() : null,
                rights != null && rights.ok() ? rights.rights() : null,
                quota != null && quota.ok() ? quota.quotas() : List.of());
    }

    @Override
    public Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes) {
        if (!capabilities.acl() || mailboxes.isEmpty()) {
            return Map.of();
        }
        var commands = mailboxes.stream().map(MyRightsCommand::new).toList();
        exchange(new ArrayList<Command>(commands));
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
        run(command);
        return command.grants();
    }

    @Override
    public void setAcl(MailboxName mailbox, Grant grant) {
        run(ChangeAclCommand.set(mailbox, grant));
    }

    @Override
    public void deleteAcl(MailboxName mailbox, String identifier) {
        run(ChangeAclCommand.delete(mailbox, identifier));
    }

    @Override
    public OptionalLong appendLimit(MailboxName mailbox) {
        var everywhere = capabilities.appendLimit();
        if (everywhere.isPresent() || !capabilities.has("APPENDLIMIT")) {
            return everywhere;
        }
        var command = new AppendLimitCommand(mailbox);
        exchange(List.of(command));
        switch (command.failure()) {
            case ImapException.NotPossible _, ImapException.ProtocolError _ -> {
                // the server will report its limit when a message is appended
                return OptionalLong.empty();
            }
            case null, default -> command.throwUnlessOk();
        }
        return command.limit();
    }

    @Override
    public Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        allowAppend(mailbox);
        return append(AppendCommand.append(mailbox, flags, internalDate, octets), message);
    }

    /** Sends the command, with the message as its literal. */
    Appended append(AppendCommand command, InputStream message) {
        long octets = command.octets();
        guarded(
                properties.commandTimeout(),
                List.of(command),
                deadline -> {
                    send(command);
                    // A NO instead of the continuation request has ended the command.
                    if (isPending(command)) {
                        wire.flush();
                        sendLiteral(command, message, octets, new byte[COPY_BUFFER], deadline);
                    }
                    // An early refusal has closed the connection, even if other commands are
                    // unanswered.
                    if (usable && !pending.isEmpty()) {
                        awaitVerdict(octets, deadline);
                    }
                });
        requireLiteralsTaken(List.of(command));
        lostMailbox |= command.missesMailbox() && command.mailbox().equals(selected());
        command.throwUnlessOk();
        return command.appended(accountTag);
    }

    @Override
    public List<AppendOutcome> append(MailboxName mailbox, List<MessageToAppend> messages) {
        var appends =
                messages.stream().map(message -> new PipelinedAppend(mailbox, message)).toList();
        ImapException failure = null;
        try {
            allowAppend(mailbox);
            var commands = appends.stream().<Command>map(PipelinedAppend::command).toList();
            guarded(properties.commandTimeout(), commands, deadline -> sendAll(appends, deadline));
            requireLiteralsTaken(commands);
        } catch (ImapException e) {
            failure = e;
        }
        var lost =
                failure != null
                        ? failure
                        : new ImapException.ConnectionLost("the connection was lost", null);
        return appends.stream().map(append -> append.outcome(lost, accountTag)).toList();
    }

    /** Courier, which has no LITERAL+, refuses APPEND to the mailbox that is selected read-only. */
    private void allowAppend(MailboxName mailbox) {
        var open = selection;
        if (open != null
                && open.is(mailbox, Access.READ_ONLY)
                && !open.is(mailbox, Access.READ_WRITE)
                && !capabilities.literalPlus()) {
            select(mailbox, Access.READ_WRITE);
        }
    }

    private void sendAll(List<PipelinedAppend> appends, Deadlines.Deadline deadline)
            throws IOException {
        var buffer = new byte[COPY_BUFFER];
        long octets = 0;
        for (var append : appends) {
            var message = append.message();
            deadline.restart(properties.commandTimeout());
            // Without LITERAL+ the server sends the continuation request after the result of the
            // previous message, so that waiting for one is waiting for both.
            send(append.command());
            if (isPending(append.command())) {
                wire.flush();
                sendLiteral(
                        append.command(), message.content(), message.octets(), buffer, deadline);
            }
            if (!usable) {
                return;
            }
            octets += message.octets();
        }
        if (!pending.isEmpty()) {
            awaitVerdict(octets, deadline);
        }
    }

    private boolean isPending(Command command) {
        for (var each : pending) {
            if (each.command == command) {
                return true;
            }
        }
        return false;
    }

    /**
     * The deadline applies to sending each piece, not to reading the message from its source.
     * Returns false at once when the server ends the command before it has received everything.
     */
    private boolean sendLiteral(
            Command command,
            InputStream message,
            long octets,
            byte[] buffer,
            Deadlines.Deadline deadline)
            throws IOException {
        for (long left = octets; left > 0; ) {
            deadline.close();
            int some = read(message, buffer, (int) Math.min(buffer.length, left));
            deadline.restart(properties.commandTimeout());
            if (some == left) {
                // A server discards a literal that lacks octets (RFC 9051 §4.3), but may store one
                // that lacks only the line end after it.
                command.leave();
            }
            if (!sendPiece(command, buffer, some)) {
                return false;
            }
            left -= some;
        }
        command.leave();
        wire.send(LINE_END, 0, LINE_END.length);
        return true;
    }

    private static int read(InputStream message, byte[] buffer, int atMost) {
        try {
            int some = message.read(buffer, 0, atMost);
            if (some < 0) {
                // The server waits for octets that do not exist; padding would store a message that
                // nobody wrote.
                throw new EOFException("the message is shorter than announced");
            }
            return some;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False when the server has ended the command; the connection is closed then. */
    private boolean sendPiece(Command command, byte[] octets, int length) throws IOException {
        IOException broken = null;
        try {
            wire.send(octets, 0, length);
        } catch (IOException e) {
            broken = e;
        }
        // A server that rejects the message may send the reason before it closes the connection.
        while (isPending(command) && (broken == null || !timedOut) && wire.readable()) {
            dispatch(wire.read());
        }
        if (!isPending(command)) {
            // The server would read the rest of the literal as commands.
            abort();
            return false;
        }
        if (broken != null) {
            throw broken;
        }
        return true;
    }

    /**
     * Waits for the result of the APPEND; servers process a message when it is complete, which
     * takes longer for larger ones.
     */
    private void awaitVerdict(long octets, Deadlines.Deadline deadline) throws IOException {
        var time = properties.commandTimeout().plusSeconds(octets / OCTETS_STORED_A_SECOND);
        deadline.restart(time);
        sockets.silence(time);
        readUntilAllEnded();
        if (usable) {
            sockets.silence(properties.commandTimeout());
        }
    }

    @Override
    public boolean usable() {
        return usable && !lostMailbox;
    }

    @Override
    public long answers() {
        return answers;
    }

    @Override
    public boolean hasUnreadInput() {
        try {
            return wire.readableOrEnded();
        } catch (IOException _) {
            return true;
        }
    }

    @Override
    public void abort() {
        usable = false;
        sockets.close();
    }

    @Override
    public void close() {
        if (usable) {
            try {
                run(new SimpleCommand("LOGOUT", line -> line.words("LOGOUT")));
            } catch (ImapException _) {
                // the connection is closed anyway
            }
        }
        abort();
    }

    /** Sends the commands in one flush, and throws the first failure. */
    void run(Command... commands) {
        exchange(List.of(commands));
        for (var command : commands) {
            command.throwUnlessOk();
        }
    }

    /** Sends the commands in one flush and reads until each has ended, with any tagged response. */
    void exchange(List<Command> commands) {
        exchange(properties.commandTimeout(), commands);
    }

    /**
     * Like {@link #exchange(List)}, in several flushes where the commands are long: while we do not
     * read, the server may stop reading, too.
     */
    void exchangeInFlushes(List<? extends Command> commands) {
        var flush = new ArrayList<Command>();
        int octets = 0;
        for (var command : commands) {
            if (!flush.isEmpty() && octets >= VISIT_OCTETS) {
                exchange(timeFor(flush), flush);
                flush = new ArrayList<>();
                octets = 0;
            }
            var line = new CommandLine(capabilities);
            command.write(line);
            octets += line.octets().length;
            flush.add(command);
        }
        exchange(timeFor(flush), flush);
    }

    private Duration timeFor(List<Command> flush) {
        long searches = flush.stream().filter(UidResultCommand.class::isInstance).count();
        return properties.commandTimeout().multipliedBy(Math.max(1, searches));
    }

    private void exchange(Duration time, List<Command> commands) {
        sendAndRead(time, commands);
        requireLiteralsTaken(commands);
    }

    private void sendAndRead(Duration time, List<Command> commands) {
        guarded(
                time,
                commands,
                () -> {
                    for (var command : commands) {
                        send(command);
                    }
                    readUntilAllEnded();
                });
    }

    /**
     * Checks whether the server has read the literals as such. A server that refuses a command
     * before it has read a non-synchronizing literal may read the literal's octets as commands, and
     * answer these, too. After a refusal a NOOP shows whether requests and responses still match;
     * if not, the connection is closed. If the server has never accepted such a literal, it does
     * not support them.
     */
    private void requireLiteralsTaken(List<Command> commands) {
        if (commands.stream().anyMatch(it -> it.literalAtOnce() && it.refused()) && !inStep()) {
            if (mayHaveRefusedLiteral(commands)) {
                throw refusedLiteral();
            }
            abort();
        }
        literalsTaken |= commands.stream().anyMatch(it -> it.literalAtOnce() && it.ended());
    }

    private boolean mayHaveRefusedLiteral(List<Command> commands) {
        return !literalsTaken
                && commands.stream().anyMatch(it -> it.literalAtOnce() && it.misunderstood());
    }

    private boolean inStep() {
        var noop = SimpleCommand.noop();
        try {
            sendAndRead(properties.commandTimeout(), List.of(noop));
        } catch (ImapException _) {
            return false;
        }
        return usable && noop.ok();
    }

    private ImapException refusedLiteral() {
        giveUp(RefusedCapabilities.LITERAL_PLUS);
        giveUp(RefusedCapabilities.LITERAL_MINUS);
        abort();
        return ImapException.ConnectionLost.ofRefusedLiteral();
    }

    /**
     * Sends one command and reads up to the literal of its answer, which {@link ClientMailbox}
     * streams.
     */
    Wire.@Nullable Head openLiteral(StreamCommand command) {
        var found = new Wire.Head[1];
        guarded(
                properties.commandTimeout(),
                List.of(command),
                () -> {
                    send(command);
                    wire.flush();
                    while (!pending.isEmpty() && found[0] == null) {
                        var head = wire.readHead();
                        if (head.openLiteral()) {
                            if (!command.answeredBy(head.response())) {
                                throw new MalformedResponse("a literal that nobody asked for");
                            }
                            sockets.silence(properties.readTimeout());
                            found[0] = head;
                        } else {
                            dispatch(head.response());
                        }
                    }
                });
        return found[0];
    }

    /** Reads the rest of the response after a streamed literal, and the tagged response. */
    void finishLiteral(StreamCommand command) {
        guarded(
                properties.commandTimeout(),
                List.of(),
                () -> {
                    sockets.silence(properties.commandTimeout());
                    command.takeRest(wire.readRest());
                    readUntilAllEnded();
                });
    }

    Wire wire() {
        return wire;
    }

    /** An operation that does I/O. */
    private interface Exchange {
        void run() throws IOException;
    }

    /** An operation that does I/O and controls its deadline. */
    private interface PacedExchange {
        void run(Deadlines.Deadline deadline) throws IOException;
    }

    private void guarded(Duration time, List<Command> commands, Exchange exchange) {
        guarded(time, commands, _ -> exchange.run());
    }

    private void guarded(Duration time, List<Command> commands, PacedExchange exchange) {
        if (!usable) {
            throw new ImapException.ConnectionLost("the connection is closed", null);
        }
        lookFor(commands);
        long started = System.nanoTime();
        boolean done = false;
        exchanged = commands;
        try (var deadline = deadlines.in(time, this::expire)) {
            readUnasked();
            introduce();
            exchange.run(deadline);
            if (deadLogin) {
                throw dead();
            }
            wire.rest();
            done = usable;
        } catch (IOException e) {
            throw unfinished(commands, lost(e));
        } catch (MalformedResponse e) {
            throw unfinished(commands, doubt("the mail server's answer cannot be read", e));
        } finally {
            if (!done) {
                abort();
                pending.clear();
            }
            exchanged = List.of();
            var elapsed = Duration.ofNanos(System.nanoTime() - started);
            for (var command : commands) {
                meters.timer(
                                "postern.imap.command",
                                "command",
                                command.verb(),
                                "outcome",
                                command.outcome())
                        .record(elapsed);
            }
        }
    }

    /**
     * Sends a NOOP first when the commands name UIDs that this connection has not seen, which the
     * caller may know from another connection: Dovecot and Courier report new messages only to a
     * command in a flush of its own. Not needed with a FETCH by sequence numbers, whose caller
     * checks for new messages itself.
     */
    private void lookFor(List<Command> commands) {
        var open = selection;
        if (open == null) {
            return;
        }
        boolean news = false;
        for (var command : commands) {
            if (command instanceof SelectCommand) {
                break; // the following commands are for another mailbox
            }
            if (command instanceof FetchCommand fetch && fetch.bySequenceNumber()) {
                return;
            }
            news |= open.mayHaveArrived(named(command));
        }
        if (news) {
            run(SimpleCommand.noop());
        }
    }

    private UidSet named(Command command) {
        var line = new CommandLine(capabilities);
        command.write(line);
        return line.named();
    }

    private void expire() {
        timedOut = true;
        abort();
    }

    /**
     * Reads what the server has sent since the last command, so that it is not taken for an answer
     * to the next one: news of the selected mailbox, BYE, or answers to octets that the server took
     * for commands. Then the connection is lost before anything was sent.
     */
    private void readUnasked() throws IOException {
        while (pending.isEmpty() && wire.readable()) {
            var response = wire.read();
            boolean tagged = !response.skipWord("*");
            response.skipSpaces();
            int start = response.position();
            if (tagged || response.skipWord("BAD")) {
                throw new IOException("an answer that nobody asked for");
            }
            response.seek(start);
            untagged(response);
        }
    }

    private void introduce() throws IOException {
        var id = introduction;
        if (id != null) {
            introduction = null;
            send(id);
        }
        var enable = utf8;
        if (enable != null) {
            utf8 = null;
            send(enable);
        }
    }

    private static ImapException dead() {
        return ServerRefusals.bad("LOGIN", null, "authenticated but not connected");
    }

    /** The exception for the sender of these commands after the connection has ended. */
    private ImapException unfinished(List<Command> commands, ImapException reason) {
        if (mayHaveRefusedLiteral(commands)) {
            return refusedLiteral();
        }
        return commands.stream().anyMatch(Command::mayHaveChanged)
                ? new ImapException.OutcomeUnknown(reason)
                : reason;
    }

    private ImapException lost(IOException e) {
        if (deadLogin) {
            return dead();
        }
        if (timedOut || e instanceof java.net.SocketTimeoutException) {
            return new ImapException.ServerTimedOut("the mail server did not answer in time", e);
        }
        return new ImapException.ConnectionLost("the connection to the mail server was lost", e);
    }

    ImapException streamFailed(IOException e) {
        abort();
        return lost(e);
    }

    private ImapException doubt(String message, @Nullable Throwable cause) {
        abort();
        return new ImapException.ProtocolError(message, null, cause);
    }

    private void send(Command command) throws IOException {
        var line = new CommandLine(capabilities);
        var tag = Wire.TAG + Integer.toString(tags++);
        line.words(tag).space();
        command.write(line);
        var octets = line.octets();
        boolean ended =
                octets.length > 0
                        // an APPEND, whose literal is sent separately
                        && octets[octets.length - 1] == '\n';
        pending.add(new Pending(tag, command));
        if (line.literalAtOnce()) {
            command.sendsLiteralAtOnce();
        }
        int from = 0;
        for (int stop : line.stops()) {
            wire.write(octets, from, stop - from);
            if (!awaitGoAhead(tag)) {
                return;
            }
            from = stop;
        }
        if (!ended) {
            command.leave();
        }
        wire.write(octets, from, octets.length - from);
        if (!ended) {
            wire.write(new byte[] {'\r', '\n'}, 0, 2);
        }
    }

    /**
     * Waits for the continuation request before a literal; false when the server ended the command
     * instead.
     */
    private boolean awaitGoAhead(String tag) throws IOException {
        wire.flush();
        goAhead = false;
        awaitsGoAhead = tag;
        while (!goAhead) {
            dispatch(wire.read());
            if (pending.stream().noneMatch(p -> p.tag.equals(tag))) {
                return false;
            }
        }
        awaitsGoAhead = null;
        return true;
    }

    private void readUntilAllEnded() throws IOException {
        wire.flush();
        while (!pending.isEmpty()) {
            dispatch(wire.read());
        }
    }

    private void dispatch(Response response) throws IOException {
        if (response.skipWord("*")) {
            response.skipSpaces();
            untagged(response);
        } else if (response.skip('+')) {
            goAhead = true;
        } else {
            tagged(response);
        }
    }

    private void untagged(Response response) throws IOException {
        int start = response.position();
        if (response.skipWord("BYE")) {
            usable = false;
            if (pending.stream().noneMatch(p -> p.command.verb().equals("LOGOUT"))) {
                throw new IOException("the mail server said BYE");
            }
            return;
        }
        if (expunged(response)) {
            return;
        }
        response.seek(start);
        if (taken(response)) {
            return;
        }
        response.seek(start);
        var open = selection;
        if (open != null && open.take(response)) {
            return;
        }
        response.seek(start);
        if (response.skipWord("BAD")) {
            endedWithoutTag(response);
            return;
        }
        if (response.skipWord("NO")) {
            // Dovecot sends this when the selected mailbox was renamed or deleted, and continues
            // with its old data.
            lostMailbox |= open != null && response.rest().contains("Internal error");
            return;
        }
        if (response.skipWord("CAPABILITY")) {
            var names = Set.copyOf(Arrays.asList(response.rest().trim().split(" +")));
            capabilities = refused.without(server, new Capabilities(names));
        }
    }

    /**
     * Handles a BAD without a tag, which servers send when they cannot parse a command's tag. It
     * ends the pending command if there is only one. The connection is not used again, since a late
     * response could be taken for that of another command.
     */
    private void endedWithoutTag(Response response) {
        if (pending.size() != 1) {
            return;
        }
        response.skipSpaces();
        var only = pending.remove();
        only.command.complete(Command.Completion.BAD, response.code(), response.words());
        usable = false;
    }

    private boolean taken(Response response) {
        int start = response.position();
        boolean taken = false;
        for (var each : pending) {
            if (each.command instanceof SelectCommand && each != pending.peek()) {
                break; // responses before this SELECT has its turn belong to the previous mailbox
            }
            response.seek(start);
            if (takes(each.command, response)) {
                taken = true;
                answers++;
                if (!each.command.shares()) {
                    break;
                }
            }
        }
        return taken;
    }

    /**
     * A response that the command cannot parse does not affect the following ones, since its end is
     * known.
     */
    private static boolean takes(Command command, Response response) {
        try {
            return command.take(response);
        } catch (MalformedResponse e) {
            if (!command.harmless()) {
                throw e;
            }
            command.garbled();
            return true;
        }
    }

    private boolean expunged(Response response) {
        int start = response.position();
        if (response.peek() < '0' || response.peek() > '9') {
            return false;
        }
        long place = response.number();
        response.skipSpaces();
        if (!response.skipWord("EXPUNGE")) {
            return false;
        }
        exchanged.forEach(command -> command.expunged(place));
        response.seek(start);
        var open = selection;
        return open == null || open.take(response);
    }

    private void tagged(Response response) {
        var tag = response.word();
        response.skipSpaces();
        for (var each : pending) {
            if (each.tag.equals(tag)) {
                pending.remove(each);
                answers++;
                if (tag.equals(awaitsGoAhead)) {
                    each.command.cutShort();
                }
                complete(each.command, response);
                return;
            }
        }
        throw new MalformedResponse("a tag that nobody waits for");
    }

    private void complete(Command command, Response response) {
        var word = response.word();
        response.skipSpaces();
        var code = response.code();
        var completion =
                switch (word.toUpperCase(java.util.Locale.ROOT)) {
                    case "OK" -> Command.Completion.OK;
                    case "NO" -> Command.Completion.NO;
                    case "BAD" -> Command.Completion.BAD;
                    default -> throw new MalformedResponse("OK, NO or BAD expected");
                };
        // The selected mailbox is lost, so that the connection is useless.
        lostMailbox |= selection != null && code != null && code.name().equals("SERVERBUG");
        var text = response.words();
        deadLogin |= completion != Command.Completion.OK && ServerRefusals.ofDeadLogin(text);
        command.complete(completion, code, text);
        switch (command) {
            case IdCommand id -> serverId = id.server();
            case SelectCommand select -> selected(select);
            default -> {}
        }
    }

    /** After a failed SELECT no mailbox is selected (RFC 9051 §6.3.2). */
    private void selected(SelectCommand select) {
        selection = select.ok() ? select.selection() : null;
        // From here on, EXPUNGE is not about the messages of earlier commands.
        exchanged = exchanged.subList(exchanged.indexOf(select) + 1, exchanged.size());
    }

    /** For tests and logs; contains no user name. */
    @Override
    public String toString() {
        return "ClientConnection[usable=%s, selected=%s]".formatted(usable, selection != null);
    }

    /** The commands that are not null. */
    static List<Command> commands(@Nullable Command... commands) {
        var list = new ArrayList<Command>();
        for (var command : commands) {
            if (command != null) {
                list.add(command);
            }
        }
        return list;
    }
}
