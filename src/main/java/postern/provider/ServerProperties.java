package postern.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import postern.account.HostNames;
import postern.account.ImapServer;
import postern.account.Security;

/**
 * One further mail server of the operator's.
 *
 * @param host Its host name.
 * @param port Its TCP port; the usual one of {@code security} if it is null.
 * @param security How the connection is protected.
 * @param domains The domains whose users are on this server.
 * @param oauthIssuer The issuer whose access tokens it takes.
 * @param sslBundle The Spring SSL bundle whose authorities are trusted for it.
 * @param maxConnectionsPerAccount Its own limit.
 * @param longestSession After what time it ends a connection.
 * @param disabledExtensions IMAP capabilities that it announces and that are not to be used.
 * @param submission Where it takes messages for sending; null where it is not told.
 */
record ServerProperties(
        String host,
        @Nullable Integer port,
        @DefaultValue("TLS") Security security,
        @DefaultValue List<String> domains,
        @Nullable URI oauthIssuer,
        @Nullable String sslBundle,
        @Nullable Integer maxConnectionsPerAccount,
        @Nullable Duration longestSession,
        @DefaultValue Set<String> disabledExtensions,
        @Nullable SubmissionProperties submission) {

    ServerProperties {
        Assert.hasText(host, "host is missing");
        domains = domains.stream().map(Domains::normal).toList();
    }

    /**
     * @param property where it is configured, such as {@code postern.servers.work}
     * @param submissionProperty where its submission server is
     */
    MailServer server(String name, String property, String submissionProperty) {
        HostNames.checkServer(property, host, port);
        boolean oauth = oauthIssuer != null;
        var provider =
                new Provider(
                        name,
                        domains,
                        List.of(),
                        new ImapServer(
                                host, port == null ? security.defaultPort() : port, security),
                        submission == null ? null : submission.server(submissionProperty),
                        UsernameForm.OTHER,
                        Set.of(),
                        oauth ? List.of(SignIn.OAUTH, SignIn.PASSWORD) : List.of(SignIn.PASSWORD),
                        oauthIssuer == null
                                ? null
                                : new OAuthEndpoints(
                                        oauthIssuer, null, null, Map.of(), List.of(), List.of()),
                        maxConnectionsPerAccount,
                        longestSession,
                        null,
                        disabledExtensions,
                        submission == null ? null : submission.sentCopy(),
                        Map.of(),
                        false,
                        null,
                        null,
                        List.of());
        return new MailServer(name, MailServer.Source.SERVER, true, provider, sslBundle);
    }
}
