package postern.imap.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import postern.deadline.Deadlines;
import postern.imap.Access;
import postern.imap.IdleWait;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.client.command.EnableCommand;
import postern.imap.client.command.IdleCommand;
import postern.imap.client.command.Notifications;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SimpleCommand;

/**
 * IDLE in a mailbox (RFC 2177), or in all of them (RFC 5465). The server may be silent for as long
 * as the wait takes; the continuation request and the end of the command have the time of any
 * command.
 */
final class MailboxIdle {

    private static final byte[] DONE = "DONE\r\n".getBytes(US_ASCII);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final CommandChannel channel;
    private final MailboxOpener opener;
    private final IdleWait wait;

    /** Set when DONE was sent. */
    private final AtomicReference<Deadlines.@Nullable Deadline> ending = new AtomicReference<>();

    MailboxIdle(CommandChannel channel, MailboxOpener opener, IdleWait wait) {
        this.channel = channel;
        this.opener = opener;
        this.wait = wait;
    }

    void run(MailboxName mailbox) {
        if (!channel.capabilities().idle()) {
            throw new ImapException.NotPossible("the mail server has no IDLE", null);
        }
        var before = channel.state().selection();
        var selection = opener.select(mailbox, Access.READ_ONLY);
        boolean reported = selection.takeReported();
        if (selection != before) {
            wait.listener().opened();
        } else if (reported) {
            wait.listener().reported(); // beside the answer to another command
        }
        idle(new IdleCommand(wait.listener()::reported));
        selection.takeReported(); // it is told
        if (channel.state().mailboxLost()) {
            throw new ImapException.ConnectionLost("the mailbox is gone", null);
        }
    }

    /** In all mailboxes, with none selected (RFC 5465). */
    void runEverywhere() {
        if (!channel.capabilities().notifies()) {
            throw new ImapException.NotPossible("the mail server has no NOTIFY", null);
        }
        var notifications = channel.state().notifications();
        if (notifications == null) {
            unselect();
            notifications = setNotify();
            wait.listener().opened();
        } else if (notifications.takeMissed()) {
            wait.listener().opened(); // it was reported while nobody waited
        }
        notifications.tell(wait.listener());
        try {
            if (!notifications.overflowed()) {
                idle(new IdleCommand(() -> {}));
            }
        } finally {
            notifications.tell(null);
        }
        if (notifications.overflowed()) {
            channel.state().notifications(null);
            throw new ImapException.NotPossible("the mail server stopped reporting", null);
        }
    }

    /** What happens in the selected mailbox is not reported otherwise. */
    private void unselect() {
        if (channel.state().selection() == null) {
            return;
        }
        if (!channel.capabilities().has("UNSELECT")) {
            throw new ImapException.NotPossible("a mailbox is selected", null);
        }
        channel.run(new SimpleCommand("UNSELECT", line -> line.words("UNSELECT")));
        channel.state().select(null);
    }

    private Notifications setNotify() {
        var notifications = new Notifications();
        channel.state().notifications(notifications);
        var command = new SimpleCommand("NOTIFY", line -> line.words(Notifications.SET));
        channel.exchange(CommandChannel.commands(enableModSequences(), command));
        if (!command.ok()) {
            channel.state().notifications(null);
            if (command.misunderstood()) {
                channel.giveUp(RefusedCapabilities.NOTIFY);
            }
            throw new ImapException.NotPossible("the mail server refuses NOTIFY", command.code());
        }
        notifications.takeMissed(); // from here on all is told
        return notifications;
    }

    /**
     * Dovecot reports keywords only by the mod-sequence of the mailbox, and that only where
     * CONDSTORE is enabled (RFC 7162 §3.1); a connection that ever opened a mailbox has done so.
     */
    private @Nullable EnableCommand enableModSequences() {
        return channel.state().mayEnable() && channel.capabilities().has("ENABLE")
                ? new EnableCommand("CONDSTORE")
                : null;
    }

    private void idle(IdleCommand command) {
        var commands = List.of(command);
        channel.guarded(
                channel.properties().commandTimeout(),
                commands,
                deadline -> exchange(command, deadline));
        if (command.misunderstood() && !channel.state().mailboxLost()) {
            channel.giveUp(RefusedCapabilities.IDLE);
            throw new ImapException.NotPossible("the mail server refuses IDLE", command.code());
        }
        command.throwUnlessOk();
    }

    private void exchange(IdleCommand command, Deadlines.Deadline deadline) throws IOException {
        if (!channel.sendAndAwaitContinuation(command)) {
            return;
        }
        deadline.close();
        wait.begun(this::finish);
        try {
            while (channel.responses().isPending(command)) {
                await();
                endIfOverflowed();
            }
        } finally {
            wait.ended();
            var end = ending.get();
            if (end != null) {
                end.close();
            }
        }
    }

    private void endIfOverflowed() {
        var notifications = channel.state().notifications();
        if (notifications != null && notifications.overflowed()) {
            wait.end();
        }
    }

    private void await() throws IOException {
        boolean finishing = ending.get() != null;
        if (!finishing && !wait.left().isPositive()) {
            wait.end();
        } else if (channel.wire().awaitInput(finishing ? LONGEST : wait.left())) {
            channel.read();
            channel.wire().restartBudget();
        }
    }

    /** The thread that waits may be blocked in a read meanwhile. */
    private void finish() {
        ending.set(channel.commandDeadline());
        try {
            channel.wire().send(DONE, 0, DONE.length);
        } catch (IOException _) {
            channel.abort(); // and the thread that waits learns of it
        }
    }
}
