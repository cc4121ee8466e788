package postern.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import postern.account.ImapServer;
import postern.account.Security;

/// The address of a mail server.
///
/// @param security How the connection to it is protected (RFC 8314).
public record ServerAddress(
        @Schema(example = "imap.example.com") String host,
        @Schema(example = "993") int port,
        @Schema(
                        allowableValues = {"tls", "starttls", "none"},
                        example = "tls")
                String security) {

    public static ServerAddress of(ImapServer server) {
        return of(server.host(), server.port(), server.security());
    }

    public static ServerAddress of(String host, int port, Security security) {
        return new ServerAddress(host, port, security.name().toLowerCase(Locale.ROOT));
    }
}
