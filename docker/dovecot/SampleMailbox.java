package postern.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import postern.samplemail.Maildir;
import postern.samplemail.SampleKind;
import postern.samplemail.SampleMessage;

/** Writes the mailboxes of the demo, the newest of their mail from today, as a Maildir. */
class SampleMailbox {

    static void main(String[] arguments) throws IOException {
        var maildir = Path.of(arguments[0]);
        var subscribed = new TreeSet<String>();
        for (var mailbox : new DemoMailboxes(Instant.now()).byName().entrySet()) {
            var name = mailbox.getKey();
            boolean inbox = name.equals("INBOX");
            Maildir.write(
                    mailbox.getValue().stream().map(SampleMailbox::sample),
                    inbox ? maildir : maildir.resolve("." + name));
            if (!inbox) {
                subscribed.add(name);
            }
        }
        Files.write(maildir.resolve("subscriptions"), subscribed);
    }

    private static SampleMessage sample(DemoMessage message) {
        return new SampleMessage(
                SampleMessage.Content.of(message.octets()),
                message.internalDate(),
                message.flags(),
                SampleKind.PLAIN,
                List.of());
    }
}
