package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import postern.account.ImapServer;

/// Which mail server an account is on.
///
/// @param security How the connection to it is protected (RFC 8314).
record ServerAddress(
        @Schema(example = "imap.example.com") String host,
        @Schema(example = "993") int port,
        @Schema(
                        allowableValues = {"tls", "starttls", "none"},
                        example = "tls")
                String security) {

    static ServerAddress of(ImapServer server) {
        return new ServerAddress(
                server.host(), server.port(), server.security().name().toLowerCase(Locale.ROOT));
    }
}
