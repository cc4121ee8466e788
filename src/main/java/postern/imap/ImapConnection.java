package postern.imap;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated connection to a mail server (RFC 9051). One borrower, one thread; every method
 * throws {@link ImapException}.
 */
public interface ImapConnection extends AutoCloseable {

    Capabilities capabilities();

    /**
     * What the server says of itself (RFC 2971 ID), such as name and version; empty where it has no
     * ID.
     */
    Map<String, String> serverId();

    /**
     * LIST of everything in the personal namespace and of other namespaces, with subscriptions and
     * counters when asked for: one command where the server has LIST-EXTENDED and LIST-STATUS, else
     * LSUB and one pipelined STATUS a mailbox.
     */
    List<ListedMailbox> list(boolean counts);

    /** STATUS of one mailbox. */
    MailboxStatus status(MailboxName mailbox);

    /** NAMESPACE (RFC 2342), or the personal one that LIST shows where the server has none. */
    Namespaces namespaces();

    /** SELECT or EXAMINE; does nothing when that mailbox is open in that way already. */
    SelectedMailbox select(MailboxName mailbox, Access access);

    /**
     * EXAMINE and what there is to ask in one mailbox after the other, all in as few flushes as
     * will do, and the outcomes in that order. A mailbox that is gone or refuses costs only its own
     * outcome. Whatever was selected before is not any more.
     */
    List<Outcome<VisitedMailbox>> visit(List<MailboxVisit> visits);

    void create(MailboxName mailbox);

    void delete(MailboxName mailbox);

    /**
     * The largest message in octets that this mailbox takes, where the server says so (RFC 7889);
     * mostly without a round trip.
     */
    OptionalLong appendLimit(MailboxName mailbox);

    /**
     * APPEND, streamed. There is no limit to the time in which the stream gives its octets. When it
     * fails, which ends this with UncheckedIOException or what else it throws, nothing is appended
     * and the connection is lost.
     *
     * @param octets how many the stream gives, exactly; one that ends early has failed
     * @param internalDate now when null
     */
    Appended append(
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            InputStream message,
            long octets);

    /** Gives the connection back, or ends it when it was never anybody else's; never throws. */
    @Override
    void close();
}
