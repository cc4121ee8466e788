package postern.testserver;

import java.util.Arrays;
import java.util.stream.Stream;

/** An IMAP server with empty accounts, for tests that run on every server. */
public sealed interface TestServer extends AccountServer permits RealServer, InMemoryServer {

    /** All servers, the fastest one first. */
    static Stream<TestServer> all() {
        return Stream.concat(
                Arrays.stream(InMemoryServer.values()), Arrays.stream(RealServer.values()));
    }
}
