package postern.imap.pool;

import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.Appended;
import postern.imap.Capabilities;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.Grant;
import postern.imap.IdleWait;
import postern.imap.ImapConnection;
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
import postern.imap.SelectedState;
import postern.imap.SyncRequest;
import postern.imap.SyncedMailbox;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;

/** A lent connection; closing it returns it to the pool. */
final class LeasedConnection implements ImapConnection {

    private final Lease lease;

    LeasedConnection(Lease lease) {
        this.lease = lease;
    }

    @Override
    public Capabilities capabilities() {
        return lease.connection().capabilities();
    }

    @Override
    public Map<String, String> serverId() {
        return lease.read(connection -> connection.serverId());
    }

    @Override
    public List<ListedMailbox> list(Set<ListItem> items) {
        var listed = lease.listed(lease.read(connection -> connection.list(items)));
        return lease.view().of(listed, lease.unusualNames());
    }

    @Override
    public MailboxStatus status(MailboxName mailbox) {
        lease.view().require(mailbox);
        return lease.read(connection -> connection.status(mailbox));
    }

    @Override
    public Namespaces namespaces() {
        return lease.read(connection -> connection.namespaces());
    }

    /** Closing this mailbox does not return the connection. */
    @Override
    public SelectedMailbox select(MailboxName mailbox, Access access) {
        return LeasedMailbox.keepingLease(lease, mailbox, access);
    }

    @Override
    public List<MailboxOutcome<ExaminedMailbox>> visit(List<ExamineRequest> visits) {
        lease.view().requireVisits(visits);
        return new VisitsById(lease, new BisectingExamine(this, lease)).visit(visits);
    }

    @Override
    public SyncedMailbox sync(MailboxName mailbox, SyncRequest request) {
        lease.view().require(mailbox);
        lease.selectionLost();
        if (mailbox.id() == null) {
            return lease.read(connection -> connection.sync(mailbox, request));
        }
        try {
            var synced = lease.read(connection -> connection.sync(mailbox, request));
            if (mailbox.id().equals(synced.opened().mailboxId())) {
                return synced;
            }
        } catch (ImapException.MailboxNotFound _) {
            // It may have been renamed.
        }
        return lease.read(connection -> {
            var synced = connection.sync(lease.relocated(connection, mailbox), request);
            requireId(mailbox, synced.opened());
            return synced;
        });
    }

    /** Throws MailboxNotFound where a mailbox was opened that has another id. */
    static void requireId(MailboxName wanted, SelectedState opened) {
        var id = opened.mailboxId();
        if (id != null && !id.equals(wanted.id())) {
            throw new ImapException.MailboxNotFound(null);
        }
    }

    /**
     * A repetition on a fresh connection opens the mailbox anew, and says so to the listener. A
     * mailbox that has an id is looked for where none has its name.
     */
    @Override
    public void idle(MailboxName mailbox, IdleWait wait) {
        lease.view().require(mailbox);
        lease.selectionLost();
        try {
            idleOnce(mailbox, wait);
        } catch (ImapException.MailboxNotFound e) {
            if (mailbox.id() == null) {
                throw e;
            }
            idleOnce(lease.read(connection -> lease.relocated(connection, mailbox)), wait);
        }
    }

    private void idleOnce(MailboxName mailbox, IdleWait wait) {
        lease.read(connection -> {
            connection.idle(mailbox, wait);
            return connection;
        });
    }

    /** Reports name every mailbox. */
    @Override
    public void idleEverywhere(IdleWait wait) {
        lease.view().requireEveryMailbox();
        lease.selectionLost();
        lease.read(connection -> {
            connection.idleEverywhere(wait);
            return connection;
        });
    }

    @Override
    public void endReports() {
        lease.connection().endReports();
    }

    @Override
    public void create(MailboxName mailbox, @Nullable MailboxRole role) {
        lease.view().requireAllMailboxes();
        lease.changing(null, mailbox, () -> write(connection -> connection.create(mailbox, role)));
    }

    @Override
    public void delete(MailboxName mailbox) {
        lease.view().requireAllMailboxes();
        lease.changing(
                mailbox,
                null,
                () ->
                        lease.whileNameIsLost(
                                mailbox, () -> write(connection -> connection.delete(mailbox))));
    }

    @Override
    public void rename(MailboxName mailbox, MailboxName to) {
        lease.view().requireAllMailboxes();
        lease.changing(
                mailbox,
                to,
                () ->
                        lease.whileNameIsLost(
                                mailbox,
                                () -> write(connection -> connection.rename(mailbox, to))));
    }

    @Override
    public void subscribe(List<MailboxName> mailboxes) {
        lease.view().requireAll(mailboxes);
        writeTwice(connection -> connection.subscribe(mailboxes));
    }

    @Override
    public void unsubscribe(List<MailboxName> mailboxes) {
        lease.view().requireAll(mailboxes);
        writeTwice(connection -> connection.unsubscribe(mailboxes));
    }

    @Override
    public List<Quota> quota(MailboxName mailbox) {
        lease.view().require(mailbox);
        return lease.read(connection -> connection.quota(mailbox));
    }

    @Override
    public MailboxReport report(MailboxName mailbox) {
        lease.view().require(mailbox);
        return lease.read(connection -> connection.report(mailbox));
    }

    @Override
    public Map<MailboxName, Rights> rights(Collection<MailboxName> mailboxes) {
        lease.view().requireReached(mailboxes);
        var located = mailboxes.stream().filter(MailboxName::located).toList();
        return lease.read(connection -> connection.rights(located));
    }

    @Override
    public List<Grant> acl(MailboxName mailbox) {
        lease.view().require(mailbox);
        return lease.read(connection -> connection.acl(mailbox));
    }

    @Override
    public void setAcl(MailboxName mailbox, Grant grant) {
        lease.view().require(mailbox);
        write(connection -> connection.setAcl(mailbox, grant));
    }

    @Override
    public void deleteAcl(MailboxName mailbox, String identifier) {
        lease.view().require(mailbox);
        write(connection -> connection.deleteAcl(mailbox, identifier));
    }

    @Override
    public OptionalLong appendLimit(MailboxName mailbox) {
        lease.view().require(mailbox);
        return lease.read(connection -> connection.appendLimit(mailbox));
    }

    @Override
    public Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        lease.view().require(mailbox);
        var upload = new TrackedUpload(message, octets);
        return lease.changing(
                List.of(mailbox),
                () ->
                        lease.upload(
                                lease::probe,
                                upload,
                                connection ->
                                        connection.append(
                                                mailbox, flags, internalDate, upload, octets)));
    }

    @Override
    public List<AppendOutcome> append(MailboxName mailbox, List<MessageToAppend> messages) {
        lease.view().require(mailbox);
        return lease.changing(
                List.of(mailbox),
                () ->
                        lease.write(
                                lease::probe, connection -> connection.append(mailbox, messages)));
    }

    @Override
    public void close() {
        lease.close();
    }

    private void writeTwice(Consumer<PoolableConnection> commands) {
        lease.writeTwice(connection -> {
            commands.accept(connection);
            return connection;
        });
    }

    private void write(Consumer<PoolableConnection> command) {
        lease.writeWhole(
                lease::probe,
                connection -> {
                    command.accept(connection);
                    return connection;
                });
    }
}
