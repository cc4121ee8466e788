package postern.testserver;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/** A {@link PostfixServer} that takes access tokens, for mail and for sending. */
public final class OauthPostfix implements AccountServer, AutoCloseable {

    private final TokenIntrospection issuer = new TokenIntrospection();
    private final GenericContainer<?> container;
    private int users;

    private OauthPostfix() {
        var conf =
                ServerContainer.configuration(PostfixContainer.IMAGE)
                                .replace(
                                        "auth_mechanisms = plain login",
                                        "auth_mechanisms = plain login oauthbearer xoauth2")
                        + TokenIntrospection.dovecot24(issuer.url());
        container =
                PostfixContainer.of()
                        .withCopyToContainer(Transferable.of(conf), "/etc/dovecot/dovecot.conf")
                        .withExtraHost(TokenIntrospection.HOST, "host-gateway");
        container.start();
    }

    public static OauthPostfix start() {
        return new OauthPostfix();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PostfixContainer.IMAP);
    }

    public int submissionPort() {
        return container.getMappedPort(PostfixContainer.SUBMISSION);
    }

    /** Does not offer OAUTHBEARER. */
    public int xoauth2Port() {
        return container.getMappedPort(PostfixContainer.SUBMISSION_XOAUTH2);
    }

    @Override
    public String newUser() {
        return "u" + ++users;
    }

    /** The token is the user's from now on. */
    public void issue(String token, String user) {
        issuer.issue(token, user);
    }

    /** The token is expired or withdrawn. */
    public void end(String token) {
        issuer.end(token);
    }

    public String logs() {
        return container.getLogs();
    }

    @Override
    public void close() {
        container.stop();
        issuer.close();
    }
}
