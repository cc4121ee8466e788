package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Looks up records. A name or a record that does not exist is an empty list. */
public interface Dns {

    /** All addresses of a host, public or not. */
    List<InetAddress> addresses(DomainName host) throws IOException;

    /** The services of a name such as {@code _imaps._tcp.example.org}, the preferred first. */
    List<Service> services(String name) throws IOException;

    /** The MX hosts of a domain, the preferred first. */
    List<DomainName> mailExchangers(DomainName domain) throws IOException;

    /**
     * Where a service is (RFC 2782).
     *
     * @param host empty if the service is explicitly not offered (target {@code .})
     */
    record Service(Optional<DomainName> host, int port) {}
}
