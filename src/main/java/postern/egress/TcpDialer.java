package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Connects directly, without the proxies of the JVM, which would resolve the name themselves. */
@Component
final class TcpDialer implements Dialer {

    @Override
    public Socket connect(InetAddress address, int port, Duration timeout) throws IOException {
        var socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(
                    new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
