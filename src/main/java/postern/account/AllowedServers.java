package postern.account;

/**
 * Which mail servers the gateway connects to. A token may outlive the configuration with which it
 * was sealed.
 */
@FunctionalInterface
public interface AllowedServers {

    boolean allows(ImapServer server);
}
