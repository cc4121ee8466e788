package postern.samplemail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMailTest {
    private static final int COUNT = 1000;

    private final SampleMail mail = new SampleMail(7);

    @Test
    void makesTheSameOctetsForTheSameSeed() {
        var digests = mail.messages(100).map(SampleMailTest::digest).toList();

        var again = new SampleMail(7).messages(200).map(SampleMailTest::digest).toList();

        assertThat(again).startsWith(digests.toArray(String[]::new)).doesNotHaveDuplicates();
        assertThat(digest(new SampleMail(8).message(0))).isNotEqualTo(digests.getFirst());
    }

    @Test
    void makesEveryKind() {
        var kinds = mail.messages(COUNT).map(SampleMessage::kind).collect(toSet());

        assertThat(kinds).isEqualTo(EnumSet.allOf(SampleKind.class));
    }

    @Test
    void endsEveryLineWithCrLf() {
        assertThat(mail.messages(COUNT).filter(SampleMailTest::hasABareLineEnd)).isEmpty();
    }

    @Test
    void keepsLinesWithinTheLimitOfSmtp() {
        assertThat(mail.messages(COUNT).filter(SampleMailTest::hasALongLine)).isEmpty();
    }

    @Test
    void answersMessagesThatExist() throws Exception {
        var seen = new HashMap<String, String>();
        int answers = 0;
        for (int i = 0; i < 500; i++) {
            var parsed = parsed(mail.message(i, SampleKind.PLAIN));
            var parent = parsed.getHeader("In-Reply-To", null);
            if (parent != null) {
                answers++;
                assertThat(seen).containsKey(parent);
                assertThat(parsed.getHeader("References", " ")).endsWith(parent);
                assertThat(parsed.getSubject())
                        .isEqualTo("Re: " + withoutRe(requireNonNull(seen.get(parent))));
            }
            seen.put(parsed.getMessageID(), parsed.getSubject());
        }
        assertThat(answers).isBetween(150, 350);
    }

    @Test
    void describesTheAttachmentsThatAReaderFinds() throws Exception {
        for (var kind : List.of(SampleKind.MIXED, SampleKind.MIXED_RELATED)) {
            for (int i = 0; i < 100; i++) {
                var message = mail.message(i, kind);

                assertThat(attachments(parsed(message))).isEqualTo(message.attachments());
            }
        }
    }

    @Test
    void drawsPicturesThatRender() throws Exception {
        var file = SampleFile.png("photo.png", new Picture(160, 120, 0x6699cc, 0x446633));

        var image = ImageIO.read(new ByteArrayInputStream(file.octets()));

        assertThat(image.getWidth()).isEqualTo(160);
        assertThat(image.getRGB(0, 119)).isNotEqualTo(image.getRGB(0, 0));
    }

    @Test
    void makesALargeAttachmentOfTheSizeAskedFor() throws Exception {
        for (long size : new long[] {0, 1, 56, 57, 58, 1_000_000}) {
            var message = mail.withAttachment(3, size);

            assertThat(message.octets()).hasSize(Math.toIntExact(message.size()));
            assertThat(message.attachments().getFirst().size()).isEqualTo(size);
            assertThat(attachments(parsed(message))).isEqualTo(message.attachments());
        }
    }

    @Test
    void writesALargeAttachmentWithoutHoldingIt() throws IOException {
        var message = mail.withAttachment(3, 3L << 30 >> 4);
        var written = new CountingOutputStream();

        message.writeTo(written);

        assertThat(written.count).isEqualTo(message.size());
        assertThat(written.largestWrite).isLessThan(1 << 20);
    }

    @Test
    void namesMaildirFilesWithSizeAndFlags(@TempDir Path directory) throws IOException {
        Maildir.write(mail.messages(50), directory);

        try (var files = Files.list(directory.resolve("cur"))) {
            assertThat(files)
                    .hasSize(50)
                    .allSatisfy(file -> {
                        long size = Files.size(file);
                        assertThat(file.getFileName().toString())
                                .matches("\\d+\\.M\\d+P1\\.sample,S=\\d+,W=\\d+:2,F?R?S?")
                                .contains(",S=" + size + ",W=" + size + ":");
                    });
        }
        assertThat(directory.resolve("new")).isEmptyDirectory();
    }

    @Test
    void archivesTheMaildirThatItWrites(@TempDir Path directory) throws IOException {
        var archive = new ByteArrayOutputStream();

        Maildir.write(mail.messages(50), directory);
        Maildir.writeTar(mail.messages(50), archive, 1000, 1000);

        var archived = untar(archive.toByteArray());
        assertThat(archived).hasSize(50);
        for (var entry : archived.entrySet()) {
            assertThat(directory.resolve(entry.getKey())).hasBinaryContent(entry.getValue());
        }
    }

    private static Map<String, byte[]> untar(byte[] archive) throws IOException {
        var files = new HashMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getLongUserId()).isEqualTo(1000);
                if (entry.isFile()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    private static String digest(SampleMessage message) {
        return HexFormat.of().formatHex(SampleFile.sha256().digest(message.octets()));
    }

    private static String text(SampleMessage message) {
        return new String(message.octets(), ISO_8859_1);
    }

    private static boolean hasABareLineEnd(SampleMessage message) {
        var withoutPairs = text(message).replace("\r\n", "");
        return withoutPairs.contains("\r") || withoutPairs.contains("\n");
    }

    private static boolean hasALongLine(SampleMessage message) {
        return text(message).lines().anyMatch(line -> line.length() > 998);
    }

    private static String withoutRe(String subject) {
        return subject.startsWith("Re: ") ? subject.substring(4) : subject;
    }

    private static MimeMessage parsed(SampleMessage message) throws MessagingException {
        var session = Session.getInstance(new Properties());
        return new MimeMessage(session, new ByteArrayInputStream(message.octets()));
    }

    private static List<SampleAttachment> attachments(Part message)
            throws MessagingException, IOException {
        var found = new ArrayList<SampleAttachment>();
        if (message.getContent() instanceof MimeMultipart multipart) {
            for (int i = 0; i < multipart.getCount(); i++) {
                var part = multipart.getBodyPart(i);
                if (Part.ATTACHMENT.equals(part.getDisposition())) {
                    found.add(described(part));
                }
            }
        }
        return found;
    }

    private static SampleAttachment described(BodyPart part)
            throws MessagingException, IOException {
        var digest = SampleFile.sha256();
        try (var in = part.getInputStream();
                var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            long size = in.transferTo(out);
            var hex = HexFormat.of().formatHex(digest.digest());
            return new SampleAttachment(part.getFileName(), size, hex);
        }
    }

    private static final class CountingOutputStream extends OutputStream {
        private long count;
        private int largestWrite;

        @Override
        public void write(int octet) {
            count++;
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            count += length;
            largestWrite = Math.max(largestWrite, length);
        }
    }
}
