package postern.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import postern.shared.SharedArea;
import postern.shared.SharedState;
import postern.web.OnGreenMail;

/** Who may write how far a subscription has been told. */
@OnGreenMail
class ProgressStoreTest {

    private final Instant end = Instant.now().plusSeconds(3600);

    @Autowired private ProgressStore store;
    @Autowired private SharedState state;

    @Test
    void eachClaimHasAHigherEpochAndEndsTheOneBefore() {
        store.begin("a", Progress.of(Map.of(), false), end);
        var first = store.claim("a", end);
        first.write(first.progress().delivered(end), end);
        var second = store.claim("a", end);
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(second.progress()).isEqualTo(first.progress());
        second.write(second.progress().delivered(end), end);

        assertThatThrownBy(() -> first.write(first.progress().delivered(end), end))
                .isInstanceOf(ProgressStore.Superseded.class);

        assertThat(store.look("a")).isEqualTo(second.progress());
    }

    @Test
    void whoHasClaimedItGoesOnWhenItIsKeptLonger() {
        store.begin("b", Progress.of(Map.of(), false), end);
        var claim = store.claim("b", end);

        store.extend("b", end.plusSeconds(3600));

        claim.write(claim.progress().delivered(end), end);
        assertThat(store.look("b")).isEqualTo(claim.progress());
    }

    @Test
    void whatWasLostIsToldAsResyncWithEventsOfOtherIds() {
        store.begin("c", Progress.of(Map.of(), false), end);
        store.remove("c");

        var claim = store.claim("c", end);

        assertThat(claim.progress().resync()).isTrue();
        assertThat(claim.progress().serial()).isPositive();
    }

    @Test
    void whatIsKeptIsGoodUnderItsOwnNameAlone() {
        store.begin("d", Progress.of(Map.of(), false), end);
        var octets = state.get(SharedArea.SUBSCRIPTION_PROGRESS, "d");
        assertThat(octets).isNotNull();
        state.put(SharedArea.SUBSCRIPTION_PROGRESS, "e", octets, Duration.ofMinutes(1));

        assertThat(store.look("e")).isNull();
    }
}
