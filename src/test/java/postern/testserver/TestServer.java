package postern.testserver;

import java.util.Arrays;
import java.util.stream.Stream;

/** An IMAP server with empty accounts, for a suite that holds on every server. */
public sealed interface TestServer permits RealServer, InMemoryServer {

    /** Every server that a contract has to hold on, the cheapest one first. */
    static Stream<TestServer> all() {
        return Stream.concat(
                Arrays.stream(InMemoryServer.values()), Arrays.stream(RealServer.values()));
    }

    String host();

    /** Where it speaks IMAP without TLS; the server is started when nothing runs there yet. */
    int port();

    /** A user nobody has logged in as. */
    String newUser();

    default String password() {
        return "pw";
    }
}
