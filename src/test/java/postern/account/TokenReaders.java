package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import postern.fuzz.FuzzTarget;

/** What reads tokens that come back from callers. */
public final class TokenReaders {

    private static final SessionProperties PROPERTIES =
            new SessionProperties(
                    List.of(Base64.getEncoder().encodeToString(new byte[32])),
                    Duration.ofMinutes(15));

    private TokenReaders() {}

    public static List<FuzzTarget> all() {
        var seal = new TokenSeal(PROPERTIES);
        var revocations = new InMemoryRevocations(Clock.systemUTC(), 3);
        var sessions = new SessionTokens(seal, PROPERTIES, revocations);
        var links = new LinkTokens(seal, revocations);
        var account =
                new Account(
                        new ImapServer("localhost", 143, Security.NONE), "ada", new Password("x"));
        var session = sessions.start(account);
        var link = links.start(account, session, "/x", Duration.ofMinutes(1));
        return List.of(
                FuzzTarget.of("session token", it -> sessions.open(utf8(it)).toString())
                        .throwing(SessionRefused.class)
                        .of(sessions.seal(session), ".", "e30", "=", "-"),
                FuzzTarget.of("link token", it -> links.open(utf8(it)).toString())
                        .throwing(LinkRefused.class)
                        .of(links.seal(link), ".", "e30", "=", "-"));
    }

    private static String utf8(byte[] octets) {
        return new String(octets, UTF_8);
    }
}
