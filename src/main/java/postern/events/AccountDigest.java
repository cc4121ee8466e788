package postern.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.digest.Sha256;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.web.id.MailboxId;

/**
 * The mailboxes of an account at some time, with their counters, in little memory: each stream has
 * one of its own.
 *
 * @param mailboxes by their keys in ascending order
 */
record AccountDigest(List<Mailbox> mailboxes) {

    private static final int KEY = 6;
    private static final int NAME = 4;
    private static final int COUNTERS = 5;

    /** The octets of a mailbox in an event id. */
    static final int EACH = KEY + NAME + COUNTERS;

    /**
     * A mailbox.
     *
     * @param key a hash of what identifies it
     * @param name a hash of its name
     * @param counters a hash of its counters
     * @param id of the contract; null where only the hashes are known
     */
    record Mailbox(long key, long name, long counters, @Nullable String id) {

        static Mailbox of(AccountTag tag, MailboxName name, @Nullable MailboxStatus status) {
            return new Mailbox(
                    AccountDigest.key(tag, name),
                    hash("called " + name.wire(), NAME),
                    hashOf(status),
                    MailboxId.of(name).text());
        }

        Mailbox counting(@Nullable MailboxStatus status) {
            return new Mailbox(key, name, hashOf(status), id);
        }
    }

    AccountDigest {
        mailboxes = List.copyOf(mailboxes);
    }

    static AccountDigest of(Account account, Collection<ListedMailbox> listed) {
        var tag = AccountTag.of(account);
        var mailboxes = new TreeMap<Long, Mailbox>();
        for (var mailbox : listed) {
            var each = Mailbox.of(tag, mailbox.name(), mailbox.status());
            mailboxes.putIfAbsent(each.key(), each);
        }
        return new AccountDigest(List.copyOf(mailboxes.values()));
    }

    /** So that an id of another account matches no mailbox. */
    static long key(AccountTag tag, MailboxName name) {
        return hash("%d %s".formatted(tag.value(), name.identity()), KEY);
    }

    private static long hashOf(@Nullable MailboxStatus status) {
        return status == null
                ? 0
                : hash(
                        "%s %s %s %s %s"
                                .formatted(
                                        status.neverUsed() ? null : status.uidValidity(),
                                        status.uidNext(),
                                        status.messages(),
                                        status.unseen(),
                                        status.highestModSeq()),
                        COUNTERS);
    }

    private static long hash(String text, int octets) {
        return ByteBuffer.wrap(Sha256.of(text.getBytes(ISO_8859_1))).getLong()
                >>> Long.SIZE - octets * Byte.SIZE;
    }

    @Nullable Mailbox find(long key) {
        int low = 0;
        for (int high = mailboxes.size() - 1; low <= high; ) {
            int middle = (low + high) >>> 1;
            long found = mailboxes.get(middle).key();
            if (found == key) {
                return mailboxes.get(middle);
            }
            if (found < key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** With another one in the place of the mailbox with its key. */
    AccountDigest with(Mailbox now) {
        return new AccountDigest(
                mailboxes.stream().map(it -> it.key() == now.key() ? now : it).toList());
    }

    void writeTo(ByteArrayOutputStream out) {
        for (var mailbox : mailboxes) {
            put(out, mailbox.key(), KEY);
            put(out, mailbox.name(), NAME);
            put(out, mailbox.counters(), COUNTERS);
        }
    }

    static void put(ByteArrayOutputStream out, long number, int octets) {
        for (int shift = (octets - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (number >>> shift));
        }
    }

    /** Throws IllegalArgumentException where {@link #writeTo} cannot have written it. */
    static AccountDigest readFrom(ByteBuffer in) {
        if (in.remaining() % EACH != 0) {
            throw new IllegalArgumentException("ends within a mailbox");
        }
        var mailboxes = new ArrayList<Mailbox>();
        while (in.hasRemaining()) {
            mailboxes.add(
                    new Mailbox(number(in, KEY), number(in, NAME), number(in, COUNTERS), null));
        }
        mailboxes.sort(Comparator.comparingLong(Mailbox::key));
        return new AccountDigest(mailboxes);
    }

    private static long number(ByteBuffer in, int octets) {
        long number = 0;
        for (int i = 0; i < octets; i++) {
            number = number << Byte.SIZE | in.get() & 0xff;
        }
        return number;
    }

    /** A hash of all of a mailbox. */
    static long sum(Mailbox mailbox) {
        var octets = new ByteArrayOutputStream();
        put(octets, mailbox.key(), KEY);
        put(octets, mailbox.name(), NAME);
        put(octets, mailbox.counters(), COUNTERS);
        return ByteBuffer.wrap(Sha256.of(octets.toByteArray())).getLong();
    }

    /** A hash of which mailboxes there are, and their names. */
    long structure() {
        var octets = new ByteArrayOutputStream();
        for (var mailbox : mailboxes) {
            put(octets, mailbox.key(), KEY);
            put(octets, mailbox.name(), NAME);
        }
        return ByteBuffer.wrap(Sha256.of(octets.toByteArray())).getLong();
    }
}
