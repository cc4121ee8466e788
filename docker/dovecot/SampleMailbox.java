import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import postern.samplemail.Maildir;
import postern.samplemail.SampleMail;

/** Writes the demo account's mail, the newest of it from today, as a Maildir with mailboxes. */
class SampleMailbox {

    static void main(String[] arguments) throws IOException {
        var maildir = Path.of(arguments[0]);
        write(maildir, 1, 90, Duration.ofHours(9));
        write(maildir.resolve(".Sent"), 2, 15, Duration.ofDays(2));
        write(maildir.resolve(".Archive"), 3, 40, Duration.ofDays(4));
        write(maildir.resolve(".Projects.Spring"), 4, 12, Duration.ofDays(3));
    }

    private static void write(Path mailbox, long seed, int count, Duration interval)
            throws IOException {
        var first = Instant.now().minus(interval.multipliedBy(count));
        Maildir.write(new SampleMail(seed, first, interval).messages(count), mailbox);
    }
}
