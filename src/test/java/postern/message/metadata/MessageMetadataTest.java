package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import postern.imap.message.Address;
import postern.imap.message.Envelope;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchedMessage;
import postern.imap.message.RawText;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

class MessageMetadataTest {

    private static final String TOLD = "Sun, 1 Mar 2026 12:00:00 +0000";

    @Test
    void sentAtIsWhatTheHeaderSaysWhereItWasRead() {
        assertThat(sentAt("Subject: x\r\nDate: Mon,\r\n 2 Mar 2026 12:00:00 +0000\r\n\r\n", 1000))
                .isEqualTo("2026-03-02T12:00:00Z");
    }

    @Test
    void sentAtIsAbsentWhereTheHeaderHasNone() {
        assertThat(sentAt("Subject: x\r\n\r\n", 1000)).isNull();
    }

    @Test
    void sentAtIsWhatTheServerTellsWhereTheHeaderIsCutOrWasNotRead() {
        assertThat(sentAt("Subject: x\r\n\r\n", 14)).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(sentAt(null, 1000)).isEqualTo("2026-03-01T12:00:00Z");
    }

    private static @Nullable Instant sentAt(@Nullable String header, long asked) {
        var sections =
                header == null
                        ? Map.<SectionRange, byte[]>of()
                        : Map.of(
                                SectionRange.first(Section.HEADER, asked),
                                header.getBytes(StandardCharsets.US_ASCII));
        var nobody = List.<Address>of();
        var envelope =
                new Envelope(
                        RawText.of(TOLD),
                        null,
                        nobody,
                        nobody,
                        nobody,
                        nobody,
                        nobody,
                        nobody,
                        null,
                        null);
        var message =
                new FetchedMessage(
                        1, 1, Set.of(), null, null, null, envelope, null, null, null, null,
                        sections, false);
        var time = MessageMetadata.of(message, Set.of(FetchItem.ENVELOPE)).header().sentAt();
        return time == null ? null : time.toInstant();
    }
}
