package postern.provider;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * The mail servers that the gateway connects to, beside the default one ({@code postern.imap}).
 *
 * @param presets The names of the presets whose mail servers users may log in to, or {@code all},
 *     which means all but those on the gateway's own host. When none is named, only configured
 *     servers are used. Unit: list of names of docs/providers.md. Interplay: the user name's domain
 *     chooses the preset, unless a server of {@code postern.servers} has that domain.
 * @param presetsFile A YAML file with further presets, or with other values for presets of the same
 *     name. When it is not set, there are only those of docs/providers.md. Unit: file or URL.
 *     Interplay: they are allowed by {@code postern.presets}.
 * @param servers Further mail servers by name. Each has {@code host}, {@code port}, {@code
 *     security}, {@code domains}, {@code oauth-issuer}, {@code ssl-bundle}, {@code
 *     max-connections-per-account}, {@code longest-session}, {@code disabled-extensions} and {@code
 *     submission}, which has {@code host}, {@code port}, {@code security} and {@code sent-copy}.
 *     When none is configured, {@code postern.imap.host} and the presets are all there are. Unit:
 *     map, see docs/how-to/several-servers.md. Interplay: the user name's domain chooses the
 *     server, or {@code server} of {@code createSession}.
 * @param proxies The proxies through which mail servers are reached, by the name of the server or
 *     preset; {@code default} is {@code postern.imap.host}, and {@code all} is for those that are
 *     not named. The proxy resolves the host name. When none is named, mail servers are reached
 *     directly. Unit: map of {@code socks5://host:port} or {@code http://host:port}, with {@code
 *     user:password@} in front of the host where the proxy wants it. Interplay: discovery and
 *     connections to authorization servers do not use them.
 * @param originatingIp The mail servers that are told the address of the client before a login, as
 *     {@code x-originating-ip} of ID (RFC 2971; Dovecot with {@code login_trusted_networks}), so
 *     that their logs and limits of failed logins see it instead of the gateway's. When none is
 *     named, no server is told. Unit: list of names of servers or presets; {@code default} is
 *     {@code postern.imap.host}. Interplay: behind a proxy it is the proxy's address, unless {@code
 *     server.forward-headers-strategy} is set. The connection is used by later requests of the
 *     account from other addresses as well.
 */
@ConfigurationProperties("postern")
record MailServerProperties(
        @DefaultValue List<String> presets,
        @Nullable Resource presetsFile,
        @DefaultValue Map<String, ServerProperties> servers,
        @DefaultValue Map<String, String> proxies,
        @DefaultValue List<String> originatingIp) {

    /** Without the passwords of proxies. */
    @Override
    public String toString() {
        return "MailServerProperties[presets=%s, servers=%s, proxies=%s]"
                .formatted(presets, servers, proxies.keySet());
    }
}
