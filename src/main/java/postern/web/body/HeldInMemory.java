package postern.web.body;

import jakarta.servlet.ServletRequest;

/** A part of a form that a handler reads into memory, as JSON is. */
public final class HeldInMemory {

    private HeldInMemory() {}

    /**
     * Counts it as a part of the unfinished bodies until the request ends. Throws 429 or 503 where
     * too much of them is in memory.
     */
    public static void take(ServletRequest request, long octets) {
        var body = IncomingBody.of(request);
        var share = body == null ? null : body.share();
        var refused = share == null ? null : share.hold(octets);
        if (refused != null) {
            throw refused;
        }
    }
}
