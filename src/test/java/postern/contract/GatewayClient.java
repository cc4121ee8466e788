package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import postern.contract.ContractRequest.Credentials;

/** Sends requests as one user: with the password, or with a token while there is one. */
final class GatewayClient {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String basic;
    private @Nullable String token;

    GatewayClient(int port, String user, String password) {
        this.base = "http://localhost:" + port;
        this.basic = "Basic " + base64(user + ":" + password);
    }

    /** From now on requests have this token; null: the password. */
    void token(@Nullable String token) {
        this.token = token;
    }

    ContractAnswer send(ContractRequest request) {
        var payload = request.payload();
        var http =
                HttpRequest.newBuilder(URI.create(base + request.target()))
                        .method(
                                request.operation().method(),
                                payload == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(payload.octets()));
        if (payload != null) {
            http.header("Content-Type", payload.type());
        }
        request.headers().forEach(http::header);
        if (request.operation().secured() && request.credentials() != Credentials.NONE) {
            http.header("Authorization", authorization(request.credentials()));
        }
        return answer(http.build());
    }

    private String authorization(Credentials credentials) {
        if (credentials == Credentials.BROKEN) {
            return "Bearer x";
        }
        return token == null ? basic : "Bearer " + token;
    }

    private ContractAnswer answer(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofByteArray());
            return new ContractAnswer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
