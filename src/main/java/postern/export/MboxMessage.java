package postern.export;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.imap.message.RawText;
import postern.message.metadata.MailDate;
import postern.message.metadata.StorableTime;

/** A message from an mbox; closing it deletes its spooled octets. */
record MboxMessage(BoundedSpool octets, Set<Flag> flags, @Nullable Instant date)
        implements AutoCloseable {

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /** The format of {@code asctime}, optionally with a zone before or after the year. */
    private static final Pattern ASCTIME =
            Pattern.compile(
                    "([A-Z][a-z]{2})\\s+([0-9]{1,2})\\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
                            + "(?:\\s+([+-][0-9]{4})|\\s+[A-Z]{1,5})?\\s+([0-9]{4})"
                            + "(?:\\s+([+-][0-9]{4}))?\\b");

    static MboxMessage of(BoundedSpool octets, String separator, MailboxFields fields) {
        var date = asctime(separator);
        if (date == null) {
            date = headerDate(fields.received());
        }
        if (date == null) {
            date = headerDate(fields.date());
        }
        return new MboxMessage(octets, Set.copyOf(fields.flags()), date);
    }

    private static @Nullable Instant headerDate(@Nullable String value) {
        var time = value == null ? null : MailDate.parse(RawText.of(value));
        return time != null && StorableTime.allows(time.toInstant()) ? time.toInstant() : null;
    }

    /** The date of a separator line, in UTC if it has no zone (RFC 4155). */
    static @Nullable Instant asctime(String separator) {
        var time = ASCTIME.matcher(separator);
        var instant = time.find() ? instant(time) : null;
        return instant != null && StorableTime.allows(instant) ? instant : null;
    }

    private static @Nullable Instant instant(Matcher time) {
        int month = MONTHS.indexOf(time.group(1));
        if (month < 0 || month % 3 != 0) {
            return null;
        }
        var zone = time.group(6) != null ? time.group(6) : time.group(8);
        try {
            return LocalDateTime.of(
                            Integer.parseInt(time.group(7)),
                            month / 3 + 1,
                            Integer.parseInt(time.group(2)),
                            Integer.parseInt(time.group(3)),
                            Integer.parseInt(time.group(4)),
                            time.group(5) == null ? 0 : Integer.parseInt(time.group(5)) % 60)
                    .toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
        } catch (DateTimeException _) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        octets.close();
    }
}
