package postern.message.metadata;

import java.time.Instant;

/**
 * The times that a message can have: their years have four digits in every time zone, as a header
 * field and an internal date need it.
 */
public final class StorableTime {

    /** Continues the name of a time that is out of range. */
    public static final String REFUSAL = "is not within 1900 to 9998";

    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private StorableTime() {}

    public static boolean allows(Instant time) {
        return !time.isBefore(EARLIEST) && time.isBefore(END);
    }
}
