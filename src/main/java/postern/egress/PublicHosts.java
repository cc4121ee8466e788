package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Looks up hosts that a stranger may have chosen. What connects to the address that it gives does
 * not look the name up again, so that a second answer of the DNS cannot lead elsewhere.
 */
public final class PublicHosts {

    private final Dns dns;

    public PublicHosts(Dns dns) {
        this.dns = dns;
    }

    /** An address of the host, all of whose addresses are public; it keeps the host's name. */
    public InetSocketAddress address(DomainName host, int port) throws IOException {
        var addresses = PublicAddresses.required(dns.addresses(host));
        if (addresses.isEmpty()) {
            throw new FetchFailed("the host has no address");
        }
        var octets = addresses.getFirst().getAddress();
        return new InetSocketAddress(InetAddress.getByAddress(host.text(), octets), port);
    }
}
