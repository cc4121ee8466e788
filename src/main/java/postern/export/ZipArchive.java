package postern.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import postern.imap.message.FetchedMessage;
import postern.mime.header.FileName;
import postern.web.transfer.ZipStream;

/** Writes one {@code .eml} file per message, named by INTERNALDATE, subject and UID. */
final class ZipArchive implements MessageArchive {

    private static final int LONGEST_SUBJECT = 80;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HHmmss", Locale.ROOT);

    private final ZipStream zip;

    ZipArchive(OutputStream out) {
        this.zip = new ZipStream(out);
    }

    @Override
    public void add(FetchedMessage facts, InputStream octets) throws IOException {
        var head = octets.readNBytes(MessageHead.OCTETS);
        zip.file(name(facts, new MessageHead(head).subject()), facts.internalDate(), false);
        zip.write(head, 0, head.length);
        octets.transferTo(zip);
    }

    static String name(FetchedMessage facts, String subject) {
        var date = Objects.requireNonNullElse(facts.internalDate(), Instant.EPOCH);
        int end = subject.offsetByCodePoints(0, Math.min(LONGEST_SUBJECT, points(subject)));
        var name =
                "%s %s %d.eml"
                        .formatted(
                                TIME.format(date.atOffset(ZoneOffset.UTC)),
                                subject.substring(0, end).replaceAll("[./\\\\]+", " ").strip(),
                                facts.uid());
        return FileName.of(name, "message/rfc822");
    }

    private static int points(String text) {
        return text.codePointCount(0, text.length());
    }

    @Override
    public void finish() throws IOException {
        zip.finish();
    }

    @Override
    public void close() {
        zip.close();
    }
}
