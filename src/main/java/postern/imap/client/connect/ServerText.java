package postern.imap.client.connect;

import org.eclipse.angus.mail.iap.ProtocolException;
import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;
import postern.imap.client.wire.Response;

/** The response code and the text of a NO or BYE that Angus reports as an exception. */
record ServerText(@Nullable ResponseCode code, String text) {

    // The text of the BYE that Angus makes up when the connection fails.
    private static final String MADE_UP = "Jakarta Mail Exception";

    /** Null when the connection failed without a response of the server. */
    static @Nullable ServerText of(ProtocolException e) {
        var response = e.getResponse();
        if (response == null) {
            return null;
        }
        var rest = response.getRest();
        if (rest == null || rest.startsWith(MADE_UP)) {
            return null;
        }
        var parsed = Response.of(rest);
        return new ServerText(parsed.code(), parsed.words());
    }
}
