package postern.shared;

import org.jspecify.annotations.Nullable;

/** The store that the replicas share cannot be reached, or keeps nothing more. */
public final class SharedStateUnavailable extends RuntimeException {

    SharedStateUnavailable(@Nullable Throwable cause) {
        super("what the gateway keeps for all replicas cannot be reached", cause);
    }
}
