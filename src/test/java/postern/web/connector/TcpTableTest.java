package postern.web.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class TcpTableTest {

    /** More than the client's socket holds. */
    private static final int ANSWER = 1 << 20;

    @Test
    void whatTheClientDoesNotTakeIsUnacknowledgedAlsoOfAClosedConnection() throws Exception {
        try (var server = ServerSocketChannel.open();
                var client = SocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = server.socket().getLocalPort();
            client.socket().setReceiveBufferSize(4_096);
            client.connect(server.getLocalAddress());
            int octets;
            try (var answering = server.accept()) {
                assertThat(rows(port)).hasSize(1).allMatch(it -> it.unacknowledged() == 0);
                answering.configureBlocking(false);
                octets = answering.write(ByteBuffer.allocate(ANSWER));
            }

            assertThat(rows(port))
                    .singleElement()
                    .satisfies(it -> {
                        assertThat(it.clientPort()).isEqualTo(client.socket().getLocalPort());
                        assertThat(it.unacknowledged()).isBetween(1L, octets + 1L);
                        assertThat(it.isGone()).isFalse();
                    });
            client.socket().getInputStream().readNBytes(octets);
            await().until(
                            () -> rows(port),
                            it -> it.stream().allMatch(row -> row.unacknowledged() == 0));
        }
    }

    @Test
    void aConnectionWhoseOtherSideAnswersNothingIsGone() {
        assertThat(new TcpTable.Row(1, 100, 5).isGone()).isTrue();
        assertThat(new TcpTable.Row(1, 100, 0).isGone()).isFalse();
    }

    private static List<TcpTable.Row> rows(int port) {
        return TcpTable.ofPorts(Set.of(port));
    }
}
