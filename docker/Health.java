import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks the gateway beside it whether it is alive; exits with 0 when it is. */
class Health {

    private static final int TIMEOUT_MILLIS = 3_000;

    static void main() {
        System.exit(alive() ? 0 : 1);
    }

    // A bare socket: this process starts every few seconds, and an HTTP client would be most of it.
    private static boolean alive() {
        var request =
                "GET /actuator/health/liveness HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return status.endsWith(" 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static int port() {
        var environment = System.getenv();
        var port = environment.getOrDefault("SERVER_PORT", "8080");
        return Integer.parseInt(environment.getOrDefault("MANAGEMENT_SERVER_PORT", port));
    }
}
