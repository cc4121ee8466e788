package postern.account;

import java.time.Duration;
import java.util.List;

/** Seals of replicas with these session keys. */
public final class RequestSeals {

    public static final String OLD = "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U=";
    public static final String NEW = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private RequestSeals() {}

    public static RequestSeal of(String... keys) {
        return new RequestSeal(
                new TokenSeal(new SessionProperties(List.of(keys), Duration.ofHours(1))));
    }
}
