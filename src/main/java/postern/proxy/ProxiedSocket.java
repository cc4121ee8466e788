package postern.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;

/** A socket that is connected through a proxy. */
final class ProxiedSocket extends Socket {

    private final OutboundProxy proxy;
    private final String server;
    private final int serverPort;

    ProxiedSocket(OutboundProxy proxy, String server, int serverPort) {
        super(Proxy.NO_PROXY);
        this.proxy = proxy;
        this.server = server;
        this.serverPort = serverPort;
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    /** The time is for reaching the proxy, and once more for each octet that it answers. */
    @Override
    public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
        super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeoutMillis);
        int readTimeout = getSoTimeout();
        setSoTimeout(timeoutMillis);
        try {
            switch (proxy.protocol()) {
                case SOCKS5 -> Socks5.connect(this, proxy, server, serverPort);
                case HTTP -> HttpConnect.connect(this, proxy, server, serverPort);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        setSoTimeout(readTimeout);
    }
}
