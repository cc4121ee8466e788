package postern.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Flag;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.SpoolFull;
import postern.web.transfer.SpoolProperties;
import postern.web.transfer.SpoolSpace;

class MboxTest {

    private static final Instant DATE = Instant.parse("2026-03-01T09:08:07Z");

    @TempDir private Path directory;
    private SpoolSpace space;

    @BeforeEach
    void makeSpace() throws IOException {
        space = new SpoolSpace(new SpoolProperties(DataSize.ofMegabytes(3), directory));
    }

    @AfterEach
    void noneOfItIsTaken() throws IOException {
        space.close();

        assertThat(space.taken()).isZero();
        assertThat(directory).isEmptyDirectory();
    }

    /** The content of a message, which has been closed. */
    private record Read(String text, Set<Flag> flags, @Nullable Instant date, long octets) {}

    @Test
    void writesWhatEveryReaderTakes() throws IOException {
        var mbox =
                mbox(
                        message(Set.of(Flag.SEEN, Flag.FLAGGED, new Flag("$Forwarded"))),
                        "Return-Path: <anne@example.com>\r\nFrom: b@example.com\r\n\r\n"
                                + "From here\r\n>From there\r\n From\r\nFrom\r\nend");

        assertThat(mbox)
                .isEqualTo(
                        """
                        From anne@example.com Sun Mar  1 09:08:07 2026
                        Status: RO
                        X-Status: F
                        X-Keywords: $Forwarded
                        Return-Path: <anne@example.com>
                        From: b@example.com

                        >From here
                        >>From there
                         From
                        From
                        end

                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "'From: Anne <anne@example.com>', anne@example.com",
        "'From: \"a@b\" <anne@example.com>', anne@example.com",
        "'FROM: anne@example.com (Anne)', anne@example.com",
        "'From: undisclosed', MAILER-DAEMON",
        "'Subject: x', MAILER-DAEMON",
        "'From: x\r\n <anne@example.com>', anne@example.com"
    })
    void theSeparatorNamesTheSender(String header, String sender) throws IOException {
        assertThat(mbox(message(Set.of()), header + "\r\n\r\ntext\r\n"))
                .startsWith("From " + sender + " Sun Mar");
    }

    @Test
    void whatIsWrittenIsReadBackWhateverItIs() throws IOException {
        var random = new Random(3);
        var messages = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            messages.add(anyMessage(random));
        }
        var out = new ByteArrayOutputStream();
        try (var archive = new MboxWriter(out, true)) {
            for (var text : messages) {
                archive.add(message(Set.of(Flag.SEEN)), stream(text));
            }
            archive.finish();
        }

        var read = read(out.toByteArray(), 1 << 20);

        assertThat(read).extracting(Read::text).isEqualTo(messages);
        assertThat(read).allMatch(it -> it.flags().equals(Set.of(Flag.SEEN)));
        assertThat(read).allMatch(it -> DATE.equals(it.date()));
    }

    /** Lines of various lengths, empty ones, and many that look like separators. */
    private static String anyMessage(Random random) {
        var text = new StringBuilder("Subject: x\r\n\r\n");
        int lines = random.nextInt(40);
        for (int i = 0; i < lines; i++) {
            switch (random.nextInt(7)) {
                case 0 -> text.append("");
                case 1 -> text.append(">".repeat(random.nextInt(3))).append("From a@b Sun 10:00");
                case 2 -> text.append("From");
                case 3 -> text.append("x".repeat(random.nextInt(200)));
                case 4 -> text.append("y".repeat(random.nextInt(90_000)));
                case 5 -> text.append("\u00e4\rz");
                default -> text.append(">".repeat(random.nextInt(5)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void readsBothLineEndsAndNoneAtTheEnd(String lineEnd) throws IOException {
        var mbox =
                """
                From a@example.com Sun Mar  1 09:08:07 2026
                Subject: one

                first
                From here

                From a friend
                >From there
                >>From there

                From b@example.com Mon Mar  2 09:08 2026 +0100
                Subject: two

                last\
                """
                        .replace("\n", lineEnd);

        var read = read(mbox.getBytes(StandardCharsets.ISO_8859_1), 1 << 20);

        assertThat(read)
                .extracting(Read::text)
                .containsExactly(
                        "Subject: one\r\n\r\nfirst\r\nFrom here\r\n\r\nFrom a friend\r\n"
                                + "From there\r\n>From there\r\n",
                        "Subject: two\r\n\r\nlast\r\n");
        assertThat(read.getLast().date()).isEqualTo("2026-03-02T08:08:00Z");
    }

    /** Dovecot would store the year 0 as 2038. */
    @ParameterizedTest
    @ValueSource(strings = {"0000", "1899", "9999"})
    void aDateThatNoMessageCanHaveIsLookedForElsewhere(String year) throws IOException {
        var mbox =
                "From x Sun Mar 1 09:08:07 %s\nDate: Tue, 3 Mar 2026 01:02:03 +0000\n\nhi\n"
                        .formatted(year);

        assertThat(read(mbox.getBytes(StandardCharsets.ISO_8859_1), 1 << 20).getFirst().date())
                .isEqualTo("2026-03-03T01:02:03Z");
    }

    @Test
    void takesFlagsOutOfTheHeaderAndOnlyThere() throws IOException {
        var mbox =
                """
                From - Sun Mar  1 09:08:07 2026
                Status: RO
                X-Status: AFTD
                X-Keywords: $Forwarded work bad(one
                 folded
                Content-Length: 3
                Subject: x
                 folded

                Status: R

                From - Sun Mar  1 09:08:07 2026
                X-Mozilla-Status: 1005
                X-Mozilla-Status2: 00000000
                X-Mozilla-Keys: $label1

                """;

        var read = read(mbox.getBytes(StandardCharsets.ISO_8859_1), 1 << 20);

        assertThat(read.getFirst().text()).isEqualTo("Subject: x\r\n folded\r\n\r\nStatus: R\r\n");
        assertThat(read.getFirst().flags())
                .containsExactlyInAnyOrder(
                        Flag.SEEN,
                        Flag.ANSWERED,
                        Flag.FLAGGED,
                        Flag.DRAFT,
                        Flag.DELETED,
                        new Flag("$Forwarded"),
                        new Flag("work"));
        assertThat(read.getLast().flags())
                .containsExactlyInAnyOrder(
                        Flag.SEEN, Flag.FLAGGED, new Flag("$Forwarded"), new Flag("$label1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'Received: by x; Mon, 2 Mar 2026 01:02:03 +0000', 2026-03-02T01:02:03Z",
        "'Received: by x\n\tfor y; Mon, 2 Mar 2026 01:02:03 +0000', 2026-03-02T01:02:03Z",
        "'Date: Tue, 3 Mar 2026 01:02:03 +0000', 2026-03-03T01:02:03Z",
        "'Date: nonsense', ",
    })
    void aDateComesFromTheHeaderWhereTheSeparatorHasNone(String header, Instant date)
            throws IOException {
        var mbox = "From x 99:99:99\n" + header + "\n\ntext\n";

        assertThat(read(mbox.getBytes(StandardCharsets.ISO_8859_1), 1 << 20).getFirst().date())
                .isEqualTo(date);
    }

    @Test
    void whatIsTooLargeIsToldAndDroppedAndTheNextIsRead() throws IOException {
        var mbox =
                "From x Sun Mar 1 09:08:07 2026\nA: b\n\n"
                        + "line\n".repeat(300_000)
                        + "\nFrom x Sun Mar 1 09:08:07 2026\nA: b\n\nsmall\n";

        var read = read(mbox.getBytes(StandardCharsets.ISO_8859_1), 1_000_000);

        assertThat(read.getFirst().octets()).isEqualTo(8 + 300_000 * 6);
        assertThat(read.getFirst().text()).isEmpty();
        assertThat(read.getLast().text()).isEqualTo("A: b\r\n\r\nsmall\r\n");
    }

    @Test
    void aLargeMessageIsInAFileUntilItIsClosed() throws IOException {
        var text = "A: b\r\n\r\n" + "line\r\n".repeat(200_000);
        var mbox = "From x Sun Mar 1 09:08:07 2026\n" + text.replace("\r", "");
        var reader = new MboxReader(stream(mbox), space, 10_000_000);

        try (var message = reader.next()) {
            assertThat(message).isNotNull();
            try (var content = message.octets().open()) {
                assertThat(content.readAllBytes()).asString().isEqualTo(text);
            }
            assertThat(files()).isEqualTo(1);
        }

        assertThat(files()).isZero();
        assertThat(reader.next()).isNull();
    }

    @Test
    void aMessageThatTheDiskHasNoRoomForIsRefused() throws IOException {
        var mbox = "From x Sun Mar 1 09:08:07 2026\nA: b\n\n" + "line\n".repeat(200_000);
        space.take(2_500_000);

        var reader = new MboxReader(stream(mbox), space, 10_000_000);
        assertThatThrownBy(reader::next).isInstanceOf(SpoolFull.class);

        assertThat(files()).isZero();
        space.giveBack(2_500_000);
    }

    @Test
    void anEmptyTextHasNoMessages() throws IOException {
        assertThat(read(new byte[0], 1)).isEmpty();
        assertThat(read("\n\r\n".getBytes(StandardCharsets.US_ASCII), 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: x\n\ntext", "PK\u0003\u0004", "From", "From a friend\n"})
    void whatIsNoMboxIsRefused(String text) {
        assertThatThrownBy(() -> read(text.getBytes(StandardCharsets.ISO_8859_1), 100))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("From ");
    }

    private long files() throws IOException {
        try (var files = Files.list(space.directory())) {
            return files.count() - 1; // the lock
        }
    }

    private List<Read> read(byte[] mbox, long longest) throws IOException {
        var reader = new MboxReader(new ByteArrayInputStream(mbox), space, longest);
        var read = new ArrayList<Read>();
        for (var message = reader.next(); message != null; message = reader.next()) {
            try (var octets = message.octets();
                    var content = octets.open()) {
                var text = new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
                read.add(new Read(text, message.flags(), message.date(), octets.length()));
            }
        }
        return read;
    }

    private static String mbox(FetchedMessage facts, String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var archive = new MboxWriter(out, !requireNonNull(facts.flags()).isEmpty())) {
            archive.add(facts, stream(text));
            archive.finish();
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static ByteArrayInputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static FetchedMessage message(Set<Flag> flags) {
        return new FetchedMessage(
                1, 7, flags, null, DATE, null, null, null, null, null, null, Map.of(), false);
    }
}
