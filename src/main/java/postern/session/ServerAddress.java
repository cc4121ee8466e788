package postern.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import postern.account.ImapServer;

/** The address of an account's mail server. */
@Schema(description = "Which mail server an account is on.")
record ServerAddress(
        @Schema(example = "imap.example.com") String host,
        @Schema(example = "993") int port,
        @Schema(
                        description = "How the connection to it is protected (RFC 8314).",
                        allowableValues = {"tls", "starttls", "none"},
                        example = "tls")
                String security) {

    static ServerAddress of(ImapServer server) {
        return new ServerAddress(
                server.host(), server.port(), server.security().name().toLowerCase(Locale.ROOT));
    }
}
