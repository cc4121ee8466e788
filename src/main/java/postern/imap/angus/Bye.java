package postern.imap.angus;

import org.eclipse.angus.mail.iap.ProtocolException;
import org.jspecify.annotations.Nullable;
import postern.imap.ResponseCode;

/** The code and the words of a NO or BYE that Angus reports as an exception. */
record Bye(@Nullable ResponseCode code, String text) {

    // How Angus words the BYE that it makes up when the connection fails.
    private static final String MADE_UP = "Jakarta Mail Exception";

    /** Null when the server said nothing and the connection just failed. */
    static @Nullable Bye of(ProtocolException e) {
        var response = e.getResponse();
        if (response == null) {
            return null;
        }
        var rest = response.getRest();
        if (rest == null || rest.startsWith(MADE_UP)) {
            return null;
        }
        var parsed = Response.of(rest);
        return new Bye(parsed.code(), parsed.words());
    }
}
