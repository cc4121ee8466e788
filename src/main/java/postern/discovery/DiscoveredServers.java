package postern.discovery;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import postern.account.AllowedServers;
import postern.oauth.OAuthClient;
import postern.oauth.OAuthClients;
import postern.provider.MailServer;
import postern.provider.SignIn;
import postern.provider.SmtpServer;
import postern.provider.UsernameForm;
import postern.web.ServerAddress;

/// The mail servers of an address, and how to sign in there.
///
/// @param server What `createSession` takes as `server`; absent where the gateway has no name for
///   the server. Where the operator lets callers choose, `createSession` takes `imap` in its place;
///   `allowed` says whether that works.
/// @param provider What people call the provider.
/// @param signIn The ways to sign in, the best first.
/// @param hint What the user must do at the provider first.
record DiscoveredServers(
        DiscoverySource source,
        @Schema(example = "gmail") @Nullable String server,
        @Schema(example = "Gmail") @Nullable String provider,
        ServerAddress imap,
        @Nullable ServerAddress smtp,
        UserNameForm userName,
        List<SignInWay> signIn,
        @Schema(example = "Switch on 2-step verification and make an app password.")
                @Nullable String hint) {

    static DiscoveredServers of(
            FoundServers found, OAuthClients clients, AllowedServers connectable) {
        return switch (found) {
            case FoundServers.Known(var source, var server) ->
                    of(
                            DiscoverySource.of(source),
                            server,
                            clients,
                            connectable.allows(server.imap()));
            case FoundServers.Foreign foreign -> of(foreign, connectable.allows(foreign.imap()));
        };
    }

    private static DiscoveredServers of(
            DiscoverySource source, MailServer server, OAuthClients clients, boolean connectable) {
        var provider = server.provider();
        var imap = provider.imap();
        return new DiscoveredServers(
                source,
                server.allowed() ? server.name() : null,
                server.source() == MailServer.Source.PRESET ? provider.title() : null,
                ServerAddress.of(imap),
                address(provider.smtp()),
                UserNameForm.of(provider.username()),
                provider.signIn().stream()
                        .map(way -> SignInWay.of(way, server, clients, connectable))
                        .toList(),
                provider.userMust());
    }

    private static DiscoveredServers of(FoundServers.Foreign found, boolean connectable) {
        var imap = found.imap();
        return new DiscoveredServers(
                DiscoverySource.of(found.source()),
                null,
                null,
                ServerAddress.of(imap),
                address(found.smtp()),
                UserNameForm.of(found.username()),
                found.signIn().stream()
                        .sorted()
                        .map(way ->
                                new SignInWay(
                                        SignInMethod.of(way),
                                        connectable && way != SignIn.OAUTH,
                                        null))
                        .toList(),
                null);
    }

    /// Who told: the operator of this gateway (`server`), what the gateway knows of providers
    /// (`preset`), a file of the domain (`autoconfig`), the domain's SRV records (`srv`), or the
    /// host that receives its mail (`mx`).
    enum DiscoverySource {
        @JsonProperty("server")
        SERVER,
        @JsonProperty("preset")
        PRESET,
        @JsonProperty("autoconfig")
        AUTOCONFIG,
        @JsonProperty("srv")
        SRV,
        @JsonProperty("mx")
        MX;

        static DiscoverySource of(FoundServers.Source source) {
            return valueOf(source.name());
        }
    }

    /// What the server takes as the user name: the whole address, what stands in front of the @
    /// (`localPart`), or something else (`other`), so that the user must be asked.
    enum UserNameForm {
        @JsonProperty("address")
        ADDRESS,
        @JsonProperty("localPart")
        LOCAL_PART,
        @JsonProperty("other")
        OTHER;

        static UserNameForm of(UsernameForm form) {
            return valueOf(form.name());
        }
    }

    /// A kind of credential. `appPassword`, `authorizationCode` and `bridgePassword` are made in
    /// the settings of the provider and sent as the `password`.
    enum SignInMethod {
        @JsonProperty("password")
        PASSWORD,
        @JsonProperty("appPassword")
        APP_PASSWORD,
        @JsonProperty("authorizationCode")
        AUTHORIZATION_CODE,
        @JsonProperty("bridgePassword")
        BRIDGE_PASSWORD,
        @JsonProperty("oauth")
        OAUTH;

        static SignInMethod of(SignIn way) {
            return valueOf(way.name());
        }
    }

    /// A way to sign in.
    ///
    /// @param allowed Whether this gateway signs in that way at this server.
    record SignInWay(SignInMethod method, boolean allowed, @Nullable OAuthDetail oauth) {

        /** A server that only the caller has chosen gets no access tokens. */
        static SignInWay of(
                SignIn way, MailServer server, OAuthClients clients, boolean connectable) {
            return new SignInWay(
                    SignInMethod.of(way),
                    server.allowed() || connectable && way != SignIn.OAUTH,
                    way == SignIn.OAUTH ? OAuthDetail.of(server, clients) : null);
        }
    }

    /// Where an app gets an access token for this server (RFC 6749).
    ///
    /// @param scopes The scopes for IMAP.
    /// @param clients The registrations of this gateway, with which an app can sign a user in by
    ///   `code`; often one, and empty where the operator has configured none.
    record OAuthDetail(
            @Schema(example = "https://accounts.google.com") URI issuer,
            @Schema(example = "https://accounts.google.com/o/oauth2/v2/auth")
                    @Nullable URI authorizationEndpoint,
            @Schema(example = "https://oauth2.googleapis.com/token") @Nullable URI tokenEndpoint,
            @Schema(example = "[\"https://mail.google.com/\"]") List<String> scopes,
            List<SignInClient> clients) {

        static @Nullable OAuthDetail of(MailServer server, OAuthClients clients) {
            var oauth = server.provider().oauth();
            return oauth == null
                    ? null
                    : new OAuthDetail(
                            oauth.issuer(),
                            oauth.authorizationEndpoint(),
                            oauth.tokenEndpoint(),
                            oauth.imapScopes(),
                            clients.listed(server).stream().map(SignInClient::of).toList());
        }
    }

    /// What an app builds the sign-in link of: a request for a code (RFC 6749 §4.1.1) with a code
    /// challenge (RFC 7636). The code goes to `createSession`.
    ///
    /// @param provider What `createSession` takes as `provider`.
    /// @param authorizationEndpoint Where the app sends the user.
    /// @param authorizationParameters Further parameters of the request, without which this
    ///   provider gives no refresh token.
    /// @param scopes What the app asks for.
    /// @param redirectUris Where the user may come back to.
    record SignInClient(
            @Schema(example = "gmail") String provider,
            @Schema(example = "1234.apps.googleusercontent.com") String clientId,
            @Schema(example = "https://accounts.google.com/o/oauth2/v2/auth")
                    @Nullable URI authorizationEndpoint,
            @Schema(example = "{\"access_type\": \"offline\"}")
                    Map<String, String> authorizationParameters,
            @Schema(example = "[\"https://mail.google.com/\"]") List<String> scopes,
            @Schema(example = "[\"https://mail.example.com/signed-in\"]")
                    List<String> redirectUris) {

        static SignInClient of(OAuthClient client) {
            return new SignInClient(
                    client.name(),
                    client.clientId(),
                    client.authorizationEndpoint(),
                    new TreeMap<>(client.authorizationParameters()),
                    client.scopes(),
                    client.redirectUris());
        }
    }

    private static @Nullable ServerAddress address(@Nullable SmtpServer smtp) {
        return smtp == null ? null : ServerAddress.of(smtp.host(), smtp.port(), smtp.security());
    }
}
