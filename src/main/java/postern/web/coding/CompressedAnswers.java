package postern.web.coding;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * Compresses answers as {@code server.compression} says. Takes the place of Jetty's handler, which
 * would also take compressed bodies of requests, compress files of which parts are asked for, and
 * answer 304 with the text of {@code If-None-Match} as the ETag.
 */
@Component
final class CompressedAnswers
        implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

    /** Of a session: a token is nothing to be compressed beside what the caller chose. */
    private static final String TOKENS = "/v1/sessions";

    private final ServerProperties properties;

    CompressedAnswers(ServerProperties properties) {
        this.properties = properties;
    }

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        var compression = properties.getCompression();
        if (!compression.getEnabled()) {
            return;
        }
        factory.setCompression(new Compression());
        var rules =
                new Rules(
                        types(compression),
                        compression.getMinResponseSize().toBytes(),
                        agents(compression),
                        properties.getServlet().getContextPath() + TOKENS);
        factory.addServerCustomizers(
                server -> server.setHandler(new CompressingHandler(server.getHandler(), rules)));
    }

    private static Set<String> types(Compression compression) {
        return Stream.of(compression.getAllMimeTypes())
                .map(it -> it.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static List<String> agents(Compression compression) {
        var excluded = compression.getExcludedUserAgents();
        return excluded == null ? List.of() : List.of(excluded);
    }

    /** After Spring Boot, which sets what the properties say. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    /**
     * @param types media types that are compressed, in lower case
     * @param smallest how many octets an answer has at least
     * @param agents texts in the {@code User-Agent} of clients that get no compressed answer
     * @param tokens how the paths begin whose answers have tokens
     */
    record Rules(Set<String> types, long smallest, List<String> agents, String tokens) {}
}
