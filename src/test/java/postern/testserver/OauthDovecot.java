package postern.testserver;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Dovecot that takes access tokens, and the issuer that it asks about them (RFC 7662). Its users
 * are those of the image, and have their passwords as well.
 */
public final class OauthDovecot implements AutoCloseable {

    /** What Dovecot calls itself at the issuer. */
    static final String CLIENT = "id";

    static final String SECRET = "secret";

    private final TokenIntrospection issuer = new TokenIntrospection();
    private final String introspection;
    private final ServerContainer container;

    private OauthDovecot(String image, @Nullable String introspection) {
        this.introspection = introspection == null ? issuer.url() : introspection;
        container =
                ServerContainer.started(
                        image,
                        image.endsWith("2.3") ? dovecot23() : dovecot24(),
                        TokenIntrospection.HOST);
    }

    public static OauthDovecot start(RealServer like) {
        return new OauthDovecot(image(like), null);
    }

    /** One that asks this authorization server on this machine, which knows its users by name. */
    public static OauthDovecot start(RealServer like, SpringAuthorizationServer issuer) {
        return new OauthDovecot(
                image(like), TokenIntrospection.url(issuer.port(), "/oauth2/introspect"));
    }

    private static String image(RealServer like) {
        return switch (like) {
            case DOVECOT_2_3 -> "dovecot-2.3";
            case DOVECOT_2_4 -> "dovecot-2.4";
            default -> throw new IllegalArgumentException(like + " is no Dovecot");
        };
    }

    /** Ends the connections of a user. */
    public void disconnect(String user) {
        container.run("doveadm", "kick", user);
    }

    public String host() {
        return container.getHost();
    }

    public int port() {
        return container.getMappedPort(ServerContainer.IMAP);
    }

    /** The token is the user's from now on. */
    public void issue(String token, String user) {
        issuer.issue(token, user);
    }

    /** Tokens are also those of another authorization server, which knows their users. */
    public void trust(Function<String, Optional<String>> issuer) {
        this.issuer.trust(issuer);
    }

    /** The token is expired or withdrawn. */
    public void end(String token) {
        issuer.end(token);
    }

    /** How often Dovecot has asked about a token. */
    public int introspections() {
        return issuer.introspections();
    }

    @Override
    public void close() {
        container.stop();
        issuer.close();
    }

    private Map<String, String> dovecot24() {
        var conf =
                ServerContainer.configuration("dovecot-2.4")
                                .replace(
                                        "auth_mechanisms = plain login",
                                        "auth_mechanisms = plain login oauthbearer xoauth2")
                        + TokenIntrospection.dovecot24(introspection);
        return Map.of("/etc/dovecot/dovecot.conf", conf);
    }

    private Map<String, String> dovecot23() {
        var conf =
                ServerContainer.configuration("dovecot-2.3")
                        .replace(
                                "auth_mechanisms = plain login",
                                "auth_mechanisms = plain login oauthbearer xoauth2")
                        .replace(
                                "passdb {\n  driver = passwd-file\n",
                                """
                                passdb {
                                  driver = oauth2
                                  mechanisms = xoauth2 oauthbearer
                                  args = /etc/dovecot/oauth2.ext
                                }
                                passdb {
                                  driver = passwd-file
                                  mechanisms = plain login
                                """);
        var oauth =
                """
                introspection_mode = post
                introspection_url = %s
                username_attribute = username
                active_attribute = active
                active_value = true
                openid_configuration_url = http://issuer.invalid/
                """
                        .formatted(introspection);
        return Map.of("/etc/dovecot/dovecot.conf", conf, "/etc/dovecot/oauth2.ext", oauth);
    }
}
