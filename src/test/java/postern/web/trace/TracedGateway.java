package postern.web.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import postern.PosternApplication;
import postern.testserver.InMemoryServer;

/** A gateway in front of an in-memory mail server, with one user, whose spans stay in memory. */
final class TracedGateway implements AutoCloseable {

    static final String ON = "--" + TraceSwitch.ENDPOINT + "=http://127.0.0.1:4318/v1/traces";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final ServletWebServerApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final InMemoryServer server = InMemoryServer.GREENMAIL;
    private int asked;
    private String user = server.newUser();

    TracedGateway(String... properties) {
        this(InMemoryServer.GREENMAIL.port(), properties);
    }

    /**
     * @param port where the mail server is reached
     */
    TracedGateway(int port, String... properties) {
        var all = new ArrayList<String>();
        Stream.of(
                        "--server.port=0",
                        "--postern.imap.host=" + server.host(),
                        "--postern.imap.port=" + port,
                        "--postern.imap.security=none",
                        "--management.tracing.export.otlp.enabled=false",
                        "--management.tracing.sampling.probability=1")
                .forEach(all::add);
        all.addAll(List.of(properties));
        context =
                (ServletWebServerApplicationContext)
                        new SpringApplicationBuilder(PosternApplication.class)
                                .initializers(it ->
                                        ((GenericApplicationContext) it)
                                                .registerBean(SpanExporter.class, () -> exported))
                                .run(all.toArray(String[]::new));
    }

    ServletWebServerApplicationContext context() {
        return context;
    }

    String user() {
        return user;
    }

    /** Who asks from now on. */
    void as(String other) {
        user = other;
    }

    String password() {
        return server.password();
    }

    HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send("GET", path, "application/json", "", headers);
    }

    HttpResponse<String> send(
            String method, String path, String type, String body, String... headers)
            throws IOException, InterruptedException {
        int port = Objects.requireNonNull(context.getWebServer()).getPort();
        var login = (user + ":" + server.password()).getBytes(UTF_8);
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", type)
                        .setHeader(
                                "Authorization",
                                "Basic " + Base64.getEncoder().encodeToString(login))
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        asked++;
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /**
     * The spans since the last call, with those of all requests: the span of a request ends a
     * little after its answer.
     */
    List<SpanData> spans() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        var spans = flushed();
        while (requests(spans) < asked && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            spans = flushed();
        }
        assertThat(requests(spans)).isGreaterThanOrEqualTo(asked);
        asked = 0;
        exported.reset();
        return spans;
    }

    private List<SpanData> flushed() {
        context.getBean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
        return exported.getFinishedSpanItems();
    }

    private static long requests(List<SpanData> spans) {
        return spans.stream().filter(it -> it.getName().startsWith("http ")).count();
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
