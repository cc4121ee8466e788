package postern.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import postern.samplemail.Maildir;
import postern.samplemail.SampleKind;
import postern.samplemail.SampleMail;
import postern.samplemail.SampleMessage;
import postern.testserver.RealServer;

/**
 * One generated mailbox on a real Dovecot, shared by all its users: a user who logs in for the
 * first time is new to the gateway, while Dovecot has all messages in its cache.
 */
final class SharedMailbox {

    /**
     * The FETCH items of a list; the header fields tell addresses that Dovecot's ENVELOPE loses.
     */
    static final String LIST_ITEMS =
            "(UID ENVELOPE FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE PREVIEW"
                    + " BODY.PEEK[HEADER.FIELDS (FROM TO CC)])";

    private static final long SEED = 7;
    private static final int USERS = 500;
    private static final int WARMED_AT_ONCE = 1_000;

    private final RealServer server;
    private final SampleMail mail;
    private final String owner;
    private final int size;

    private SharedMailbox(RealServer server, SampleMail mail, String owner, int size) {
        this.server = server;
        this.mail = mail;
        this.owner = owner;
        this.size = size;
    }

    /** Fills the mailbox; its newest message has an attachment of this size. */
    static SharedMailbox fill(RealServer server, int messages, long attachmentOctets, Path scratch)
            throws IOException {
        server.start();
        var mail = new SampleMail(SEED);
        var mailbox = new SharedMailbox(server, mail, server.newUser(), messages + 1);
        mailbox.copy(
                Stream.concat(
                        mail.messages(messages),
                        Stream.of(mail.withAttachment(messages, attachmentOctets))),
                scratch);
        mailbox.share();
        mailbox.warm();
        return mailbox;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(server.host(), server.port());
    }

    Login owner() {
        return new Login(owner, server.password());
    }

    /** The other users who see this mailbox. */
    List<Login> guests() {
        return IntStream.rangeClosed(1, USERS)
                .mapToObj(n -> "u" + n)
                .filter(user -> !user.equals(owner))
                .map(user -> new Login(user, server.password()))
                .toList();
    }

    /**
     * The number of messages, the one with the large attachment included; the UIDs are 1 to this
     * number.
     */
    int size() {
        return size;
    }

    int largeUid() {
        return size;
    }

    /** The newest messages, as a sequence set. */
    String newest(int count) {
        return (size - count + 1) + ":" + size;
    }

    /**
     * The commands that list the newest messages, each sent after the response to the one before.
     * The second reads the text of those messages whose PREVIEW is unreadable, because Dovecot does
     * not know their charset; it is absent where there are none.
     */
    List<String> list(int count) {
        var fetch = "FETCH " + newest(count) + " " + LIST_ITEMS;
        var unreadable =
                IntStream.rangeClosed(size - count + 1, size - 1)
                        .filter(uid -> mail.message(uid - 1).kind() == SampleKind.UNKNOWN_CHARSET)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(","));
        return unreadable.isEmpty()
                ? List.of(fetch)
                : List.of(fetch, "UID FETCH " + unreadable + " (UID BODY.PEEK[1]<0.2048>)");
    }

    /** Whether section 1 is plain text and the only part. */
    boolean plainText(int uid) {
        return uid < size && mail.message(uid - 1).kind() == SampleKind.PLAIN;
    }

    long octets(int uid) {
        return mail.message(uid - 1).size();
    }

    private void copy(Stream<SampleMessage> messages, Path scratch) throws IOException {
        var directory = Files.createTempDirectory(scratch, "mail");
        try {
            Maildir.write(messages, directory);
            server.copyMaildir(owner, directory);
        } finally {
            delete(directory);
        }
    }

    private void share() {
        server.run(
                "sh",
                "-c",
                "cd /srv/mail && for i in $(seq %d); do [ -e u$i ] || ln -s %s u$i; done"
                        .formatted(USERS, owner));
    }

    /**
     * Fetches all items of lists once, since Dovecot parses a message on the first access to each
     * item, which is not to be measured.
     */
    private void warm() throws IOException {
        try (var imap = BareImap.inbox(address(), owner())) {
            for (int first = 1; first <= size; first += WARMED_AT_ONCE) {
                int last = Math.min(size, first + WARMED_AT_ONCE - 1);
                imap.command("FETCH " + first + ":" + last + " " + LIST_ITEMS);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
