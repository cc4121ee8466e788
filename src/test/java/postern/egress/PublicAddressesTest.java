package postern.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1",
                "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.1.2.3", "169.254.0.1",
                "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
                "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
                "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"
            })
    void noIpv4AddressOfSpecialPurposeIsPublic(String address) {
        assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "::7f00:1",
                "::10.0.0.1",
                "::8.8.8.8",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "100::1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::8.8.8.8",
                "2001::1",
                "2001:0:7f00:1::",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2002:808:808::1",
                "3fff::1",
                "4000::1",
                "5f00::1",
                "fd00:ec2::254"
            })
    void noIpv6AddressOfSpecialPurposeIsPublic(String address) {
        assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "0:0:0:0:0:ffff:c0a8:1"
            })
    void aMappedAddressIsJudgedByTheIpv4AddressInIt(String address) {
        assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.255.255",
                "192.169.0.1",
                "198.17.0.1",
                "198.20.0.1",
                "223.255.255.255",
                "2000::1",
                "2001:4860:4860::8888",
                "2606:4700::1",
                "2a00:1450:4001::1",
                "3ffe::1",
                "64:ff9b::8.8.8.8",
                "::ffff:8.8.8.8"
            })
    void whatLiesBesidesIsPublic(String address) {
        assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void aScopeDoesNotMakeAnAddressPublic() throws UnknownHostException {
        var address = InetAddress.ofLiteral("fe80::1");

        assertThat(PublicAddresses.contains(InetAddress.getByAddress("x", address.getAddress())))
                .isFalse();
    }
}
