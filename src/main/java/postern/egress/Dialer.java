package postern.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/** Opens TCP connections. */
@FunctionalInterface
public interface Dialer {

    Socket connect(InetAddress address, int port, Duration timeout) throws IOException;
}
