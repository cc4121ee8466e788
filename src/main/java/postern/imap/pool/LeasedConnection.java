package postern.imap.pool;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Access;
import postern.imap.Appended;
import postern.imap.Capabilities;
import postern.imap.Flag;
import postern.imap.ImapConnection;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.MailboxVisit;
import postern.imap.Namespaces;
import postern.imap.Outcome;
import postern.imap.SelectedMailbox;
import postern.imap.VisitedMailbox;

/** A connection that is lent; closing it gives it back. */
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
        return lease.readAhead(connection -> connection.serverId());
    }

    @Override
    public List<ListedMailbox> list(boolean counts) {
        return lease.read(connection -> connection.list(counts));
    }

    @Override
    public MailboxStatus status(MailboxName mailbox) {
        return lease.read(connection -> connection.status(mailbox));
    }

    @Override
    public Namespaces namespaces() {
        return lease.readAhead(connection -> connection.namespaces());
    }

    /** Closing this mailbox gives nothing back: the connection is still lent. */
    @Override
    public SelectedMailbox select(MailboxName mailbox, Access access) {
        return LeasedMailbox.within(lease, mailbox, access);
    }

    @Override
    public List<Outcome<VisitedMailbox>> visit(List<MailboxVisit> visits) {
        var outcomes = lease.read(connection -> connection.visit(visits));
        lease.wanderedOff();
        return outcomes;
    }

    @Override
    public void create(MailboxName mailbox) {
        lease.write(
                lease::probe,
                connection -> {
                    connection.create(mailbox);
                    return mailbox;
                });
    }

    @Override
    public void delete(MailboxName mailbox) {
        lease.write(
                lease::probe,
                connection -> {
                    connection.delete(mailbox);
                    return mailbox;
                });
    }

    @Override
    public OptionalLong appendLimit(MailboxName mailbox) {
        return lease.readAhead(connection -> connection.appendLimit(mailbox));
    }

    @Override
    public Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets) {
        return lease.write(
                lease::probe,
                connection -> connection.append(mailbox, flags, internalDate, message, octets));
    }

    @Override
    public void close() {
        lease.close();
    }
}
