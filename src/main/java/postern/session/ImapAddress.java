package postern.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import postern.account.ImapServer;
import postern.account.Security;
import postern.provider.MailServers;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/// The address of a mail server that the caller chooses.
///
/// @param host A name of the public DNS, all of whose addresses are public.
/// @param port 143 or 993.
record ImapAddress(
        @Schema(example = "imap.example.com", minLength = 1, maxLength = 253)
                @Size(min = 1, max = 253)
                String host,
        @Schema(example = "993") @Min(1) @Max(65_535) int port,
        @Schema(example = "tls") ConnectionSecurity security) {

    /// How the connection is protected (RFC 8314).
    enum ConnectionSecurity {
        @JsonProperty("tls")
        TLS,
        @JsonProperty("starttls")
        STARTTLS
    }

    ImapServer server(MailServers servers) {
        if (!servers.freeChoice()) {
            throw new ProblemException(
                    ProblemCode.SERVER_NOT_ALLOWED,
                    "the operator of this gateway does not let callers choose the mail server");
        }
        if (host.isBlank()) {
            throw InvalidRequest.at("/imap/host", "must be the name of a host");
        }
        var server =
                new ImapServer(
                        host.toLowerCase(Locale.ROOT), port, Security.valueOf(security.name()));
        if (!servers.allows(server)) {
            throw refused(server, servers);
        }
        return server;
    }

    private static InvalidRequest refused(ImapServer server, MailServers servers) {
        var atUsualPort = new ImapServer(server.host(), Security.TLS.defaultPort(), Security.TLS);
        return servers.allows(atUsualPort)
                ? InvalidRequest.at("/imap/port", "must be 143 or 993")
                : InvalidRequest.at(
                        "/imap/host",
                        "must be the name of a host of the public Internet, in ASCII");
    }
}
