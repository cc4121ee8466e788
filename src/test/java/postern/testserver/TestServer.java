package postern.testserver;

import java.util.Arrays;
import java.util.stream.Stream;

/** An IMAP server with empty accounts, for tests that run on every server. */
public sealed interface TestServer permits RealServer, InMemoryServer {

    /** All servers, the fastest one first. */
    static Stream<TestServer> all() {
        return Stream.concat(
                Arrays.stream(InMemoryServer.values()), Arrays.stream(RealServer.values()));
    }

    String host();

    /** The port for IMAP without TLS; starts the server if it does not run yet. */
    int port();

    /** A user who has never logged in. */
    String newUser();

    default String password() {
        return "pw";
    }
}
