package postern.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Tells the addresses of the public Internet from all others, by the registries of special-purpose
 * addresses (RFC 6890 and its updates). Of IPv6 only 2000::/3 is public; what embeds an IPv4
 * address is judged by it, or refused where the transition mechanism is no longer in use.
 */
final class PublicAddresses {

    private static final List<Prefix> NOT_PUBLIC_4 =
            prefixes(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // carrier-grade NAT, and metadata services of some clouds
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, metadata services
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.31.196.0/24", // AS112
                    "192.52.193.0/24", // AMT
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16", // private
                    "192.175.48.0/24", // AS112
                    "198.18.0.0/15", // benchmarking
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast

    private static final List<Prefix> PUBLIC_6 = prefixes("2000::/3");

    private static final List<Prefix> NOT_PUBLIC_6 =
            prefixes(
                    "2001::/23", // Teredo, benchmarking, ORCHID
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "2620:4f:8000::/48", // AS112
                    "3fff::/20"); // documentation

    /** The well-known prefix of NAT64 (RFC 6052); the last four octets are the IPv4 address. */
    private static final List<Prefix> NAT64 = prefixes("64:ff9b::/96");

    private PublicAddresses() {}

    /** The addresses, all of which must be public. */
    static List<InetAddress> required(List<InetAddress> addresses) throws FetchFailed {
        if (!addresses.stream().allMatch(PublicAddresses::contains)) {
            throw new FetchFailed("the host has an address that is not public");
        }
        return addresses;
    }

    static boolean contains(InetAddress address) {
        return switch (address) {
            case Inet4Address four -> !within(NOT_PUBLIC_4, four.getAddress());
            case Inet6Address six -> contains(six);
            default -> false;
        };
    }

    private static boolean contains(Inet6Address address) {
        var octets = address.getAddress();
        if (within(NAT64, octets)) {
            return !within(NOT_PUBLIC_4, Arrays.copyOfRange(octets, 12, 16));
        }
        return within(PUBLIC_6, octets) && !within(NOT_PUBLIC_6, octets);
    }

    private static boolean within(List<Prefix> prefixes, byte[] octets) {
        return prefixes.stream().anyMatch(prefix -> prefix.covers(octets));
    }

    private static List<Prefix> prefixes(String... texts) {
        return Arrays.stream(texts).map(Prefix::of).toList();
    }

    private record Prefix(InetAddress network, int length) {

        static Prefix of(String text) {
            var parts = text.split("/", 2);
            return new Prefix(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1]));
        }

        boolean covers(byte[] octets) {
            var start = network.getAddress();
            if (start.length != octets.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((start[bit / 8] & mask) != (octets[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
