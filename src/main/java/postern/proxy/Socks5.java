package postern.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** SOCKS version 5 (RFC 1928), with user and password where the proxy wants them (RFC 1929). */
final class Socks5 {

    private static final int VERSION = 5;
    private static final int PASSWORD_VERSION = 1;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int LONGEST_NAME = 255;

    private Socks5() {}

    static void connect(Socket socket, OutboundProxy proxy, String server, int port)
            throws IOException {
        // unbuffered, since what follows the reply is the mail server's
        var in = new DataInputStream(socket.getInputStream());
        var out = socket.getOutputStream();
        try {
            authenticate(in, out, proxy.user(), proxy.password());
            out.write(request(server, port));
            readReply(in);
        } catch (EOFException _) {
            throw new ProxyRefused("the proxy hangs up");
        }
    }

    private static void authenticate(
            DataInputStream in, OutputStream out, @Nullable String user, @Nullable String password)
            throws IOException {
        out.write(
                user == null
                        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
                        : new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD});
        checkVersion(in.readUnsignedByte(), VERSION);
        int method = in.readUnsignedByte();
        if (method == NO_AUTHENTICATION) {
            return;
        }
        if (method != USER_AND_PASSWORD || user == null || password == null) {
            throw new ProxyRefused("the proxy wants another way to authenticate");
        }
        var message = new ByteArrayOutputStream();
        message.write(PASSWORD_VERSION);
        writeText(message, user);
        writeText(message, password);
        out.write(message.toByteArray());
        checkVersion(in.readUnsignedByte(), PASSWORD_VERSION);
        if (in.readUnsignedByte() != 0) {
            throw new ProxyRefused("the proxy does not accept its user and password");
        }
    }

    private static byte[] request(String server, int port) throws IOException {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {VERSION, CONNECT, 0});
        var address = literal(server);
        if (address == null) {
            if (server.getBytes(UTF_8).length > LONGEST_NAME) {
                throw new ProxyRefused("the name of the mail server is too long for SOCKS");
            }
            message.write(NAME);
            writeText(message, server);
        } else {
            message.write(address.length == 4 ? IPV4 : IPV6);
            message.writeBytes(address);
        }
        message.write(port >> 8);
        message.write(port);
        return message.toByteArray();
    }

    /** The octets of an IP address; null for a name, which is for the proxy to resolve. */
    private static byte @Nullable [] literal(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static void readReply(DataInputStream in) throws IOException {
        checkVersion(in.readUnsignedByte(), VERSION);
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw new ProxyRefused(
                    "the proxy does not connect to the mail server (%d)".formatted(reply));
        }
        in.readUnsignedByte(); // reserved
        int length =
                switch (in.readUnsignedByte()) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> in.readUnsignedByte();
                    default -> throw new ProxyRefused("the proxy does not speak SOCKS 5");
                };
        in.readFully(new byte[length + 2]); // its own address and port
    }

    private static void checkVersion(int version, int expected) throws IOException {
        if (version != expected) {
            throw new ProxyRefused("the proxy does not speak SOCKS 5");
        }
    }

    private static void writeText(ByteArrayOutputStream out, String text) {
        var octets = text.getBytes(UTF_8);
        out.write(octets.length);
        out.writeBytes(octets);
    }
}
