package postern.events;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/// A URL for the `EventSource` of a browser, which needs no header.
///
/// @param url Anyone who has it can read what it tells. It is relative to the gateway's own address
///   unless the operator has set that address.
/// @param expiresAt When it ends, if not earlier with the session.
record EventsLink(
        @Schema(
                        format = "uri-reference",
                        example =
                                "/v1/links/events/5f0a3c91d27e.eyJraWQiOi.dGhlIG5v.bmNlIGFu.cmVzdA")
                String url,
        Instant expiresAt) {

    /** Omits the URL, so that it can be logged. */
    @Override
    public String toString() {
        return "EventsLink[expiresAt=%s]".formatted(expiresAt);
    }
}
