package postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel says of a connection that it cannot make. */
class OutageCauseTest {

    static Arguments[] failures() {
        return new Arguments[] {
            Arguments.of(new ConnectException("Connection refused"), Outage.REFUSED),
            Arguments.of(new ConnectException("Connection timed out"), Outage.TIMEOUT),
            Arguments.of(new NoRouteToHostException("No route to host"), Outage.NO_ROUTE),
            Arguments.of(new SocketException("Network is unreachable"), Outage.NO_ROUTE),
            Arguments.of(new SocketException("Connection reset"), Outage.CLOSED)
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void hasItsOwnWord(IOException failure, Outage outage) {
        assertThat(Outage.of(new IOException("cannot connect", failure))).isEqualTo(outage);
    }
}
