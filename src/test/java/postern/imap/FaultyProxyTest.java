package postern.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import postern.testserver.FaultyProxy;

@Timeout(30)
class FaultyProxyTest {

    private ServerSocket echo;
    private FaultyProxy proxy;
    private Socket client;

    @BeforeEach
    void connectThroughTheProxy() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echoAll);
        proxy = FaultyProxy.inFrontOf(echo.getInetAddress().getHostAddress(), echo.getLocalPort());
        client = connect();
    }

    @AfterEach
    void closeAll() throws IOException {
        client.close();
        proxy.close();
        echo.close();
    }

    @Test
    void passesOctetsBothWaysUnchanged() throws Exception {
        var sent = new byte[3 << 20];
        new Random(7).nextBytes(sent);

        byte[] received;
        try (var sender = Executors.newVirtualThreadPerTaskExecutor()) {
            sender.submit(() -> {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
                return null;
            });
            received = client.getInputStream().readAllBytes();
        }

        assertThat(received).isEqualTo(sent);
        assertThat(proxy.toServer().octets()).isEqualTo(sent.length);
        assertThat(proxy.toClient().octets()).isEqualTo(sent.length);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void delaysEveryRoundTrip() throws IOException {
        proxy.roundTripTime(Duration.ofMillis(20));
        long start = System.nanoTime();

        exchange("a");
        exchange("b");

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(40));
    }

    @Test
    void delaysOctetsSentTogetherOnlyOnce() throws IOException {
        proxy.roundTripTime(Duration.ofMillis(100));
        long start = System.nanoTime();

        for (int i = 0; i < 200; i++) {
            send("x");
        }
        receive(200);

        // 200 sequential delays would take 20 seconds
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(10));
    }

    @Test
    void countsCommandsSentBeforeTheFirstAnswerAsOneRoundTrip() throws IOException {
        proxy.toClient().stall();
        send("a");
        send("b");
        send("c");
        await().until(() -> proxy.toServer().octets() == 3);
        proxy.toClient().resume();
        receive(3);
        assertThat(proxy.roundTrips()).isEqualTo(1);

        exchange("d");
        exchange("e");

        assertThat(proxy.roundTrips()).isEqualTo(3);
    }

    @Test
    void cutsOpenConnectionsAndAcceptsNewOnes() throws IOException {
        exchange("a");

        proxy.cut();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
        client = connect();
        assertThat(exchange("b")).isEqualTo("b");
        assertThat(proxy.connections()).isEqualTo(2);
    }

    @Test
    void resetsOpenConnections() throws IOException {
        exchange("a");

        proxy.reset();

        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void stallsWithoutClosingAndResumesWithNothingLost() throws IOException {
        proxy.toClient().stall();
        client.setSoTimeout(100);
        send("held back");
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);

        proxy.toClient().resume();

        client.setSoTimeout(0);
        assertThat(receive(9)).isEqualTo("held back");
    }

    @Test
    void closesConnectionsThatAreStalled() throws IOException {
        exchange("a");
        proxy.toClient().stall();
        proxy.toClient().inject("b");

        proxy.close();

        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void tricklesAFewOctetsPerTick() throws IOException {
        proxy.toClient().trickle(2, Duration.ofMillis(5));
        long start = System.nanoTime();

        assertThat(exchange("0123456789")).isEqualTo("0123456789");

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void cutsAfterExactlySoManyOctetsAndOnlyOnce() throws IOException {
        proxy.toClient().cutAfter(4);

        send("0123456789");

        assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("0123");
        client = connect();
        assertThat(exchange("0123456789")).isEqualTo("0123456789");
    }

    @Test
    void stallsOneConnectionAfterExactlySoManyOctets() throws IOException {
        proxy.toClient().stallAfter(4);

        send("0123456789");

        assertThat(receive(4)).isEqualTo("0123");
        client.setSoTimeout(100);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        await().until(() -> proxy.toClient().holdsBack());
        try (var other = connect()) {
            other.getOutputStream().write('x');
            assertThat(other.getInputStream().read()).isEqualTo('x');
        }

        proxy.toClient().resume();

        client.setSoTimeout(0);
        assertThat(receive(6)).isEqualTo("456789");
    }

    @Test
    void injectsGarbageBehindWhatIsUnderWay() throws IOException {
        exchange("a");

        proxy.toClient().inject("* garbage\r\n");

        assertThat(receive(11)).isEqualTo("* garbage\r\n");
        assertThat(exchange("b")).isEqualTo("b");
    }

    @Test
    void closesTheClientWhenTheServerCannotBeReached() throws IOException {
        var vacant = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        vacant.close();

        try (var nowhere = FaultyProxy.inFrontOf("127.0.0.1", vacant.getLocalPort());
                var refused = new Socket(nowhere.host(), nowhere.port())) {
            assertThat(refused.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesConnectionsOnceClosed() {
        proxy.close();

        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    }

    private Socket connect() throws IOException {
        var socket = new Socket(proxy.host(), proxy.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private String exchange(String text) throws IOException {
        send(text);
        return receive(text.length());
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(UTF_8));
    }

    private String receive(int length) throws IOException {
        return new String(client.getInputStream().readNBytes(length), UTF_8);
    }

    private void echoAll() {
        try {
            while (true) {
                var accepted = echo.accept();
                Thread.ofVirtual().start(() -> echo(accepted));
            }
        } catch (IOException e) {
            // the test has closed the listener
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (SocketException e) {
            // the test has cut the connection
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
