package postern.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static postern.shared.SharedArea.REVOKED_SESSIONS;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session that was ended is never taken for a running one because there was no room to know. */
class MirroredValuesTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final byte[] REVOKED = {};
    private static final int ENTRY = BoundedEntries.OVERHEAD + "login00:0".length();

    private Instant now = Instant.parse("2026-11-30T10:00:00Z");

    /** One owner may have two entries of its own. */
    private final MirroredValues values =
            new MirroredValues(
                    new InMemorySharedState(() -> now, 2L * ENTRY * REVOKED_SESSIONS.owners()),
                    () -> now);

    @Test
    void aValueThatWasSeenIsThere() {
        put("login01", HOUR);

        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("login01", "login01:2"))).isTrue();
        assertThat(values.get(REVOKED_SESSIONS, "login01")).isNotNull();
        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("login02"))).isFalse();
        assertThat(values.get(REVOKED_SESSIONS, "login02")).isNull();
    }

    @Test
    void whereOneOwnerHadNoRoomNothingIsSaidOfItsOtherValues() {
        for (int i = 0; i < 3; i++) {
            put("login01:" + i, HOUR);
        }

        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("login01:0"))).isTrue();
        assertUnknown("login01:2");
        assertUnknown("login01");
        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("login02"))).isFalse();
    }

    @Test
    void whereThereWasNoRoomNothingIsSaidOfAnybody() {
        for (int i = 10; i < 99; i++) {
            put("login%d".formatted(i), HOUR);
        }

        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("login10"))).isTrue();
        assertUnknown("login98");
        assertUnknown("another");
    }

    @Test
    void whenAllThatFoundNoRoomWouldHaveEndedTheRestIsKnown() {
        for (int i = 10; i < 99; i++) {
            put("login%d".formatted(i), HOUR);
        }
        put("login99", HOUR.plusMinutes(1));

        now = now.plus(HOUR);
        assertUnknown("another");
        now = now.plusSeconds(60);
        assertThat(values.hasAny(REVOKED_SESSIONS, List.of("another"))).isFalse();
    }

    private void put(String key, Duration lifetime) {
        values.put(REVOKED_SESSIONS, key, REVOKED, lifetime);
    }

    private void assertUnknown(String key) {
        assertThatExceptionOfType(SharedStateUnavailable.class)
                .isThrownBy(() -> values.hasAny(REVOKED_SESSIONS, List.of(key)));
        assertThatExceptionOfType(SharedStateUnavailable.class)
                .isThrownBy(() -> values.get(REVOKED_SESSIONS, key));
    }
}
