package postern.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * HTML that tries to run a script or to reach another server. In the files a line {@code === name}
 * begins one; the media type and the charset of its octets may follow, each behind {@code ||}.
 * {@code {C}} is a URL of the server that must not be reached, {@code {H}} the same without scheme.
 *
 * @param number its place among all
 */
record HtmlVector(int number, String name, String type, Charset charset, String html) {

    private static final Path FILES = Path.of("src/test/resources/html-vectors");
    private static final Map<String, String> CHARSETS =
            Map.of("latin-1", "ISO-8859-1", "utf-16le", "UTF-16LE");

    /** All of them, which try to reach this host. */
    static List<HtmlVector> all(String canary) {
        var vectors = new ArrayList<HtmlVector>();
        for (var file : List.of("scripts.txt", "network.txt")) {
            for (var text : read(file).split("(?m)^=== ")) {
                if (!text.isBlank()) {
                    vectors.add(of(vectors.size(), text, canary));
                }
            }
        }
        return vectors;
    }

    /** The beginning of the paths at the other server that are this one's. */
    String mark() {
        return "/v%d/".formatted(number);
    }

    boolean isHtml() {
        return type.startsWith("text/html");
    }

    /** In a part of its own, since not every mail server knows the charset of a whole message. */
    String message() {
        var content = Base64.getMimeEncoder().encodeToString(html.getBytes(charset));
        return """
        Subject: %s\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary="=-"\r
        \r
        --=-\r
        Content-Type: %s\r
        Content-Transfer-Encoding: base64\r
        \r
        %s\r
        --=---\r
        """
                .formatted(name.replaceAll("[^ -~]", "?"), type, content);
    }

    private static HtmlVector of(int number, String text, String canary) {
        var parts = text.split("\n", 2);
        var head = parts[0].split(" \\|\\| ");
        var html =
                parts[1].stripTrailing()
                        .replace("{C}", "http://%s/v%d".formatted(canary, number))
                        .replace("{H}", "%s/v%d".formatted(canary, number))
                        .replace("{ESC}", "\u001b");
        return new HtmlVector(
                number,
                head[0],
                head.length > 1 ? head[1] : "text/html; charset=utf-8",
                head.length > 2 ? Charset.forName(CHARSETS.get(head[2])) : UTF_8,
                html);
    }

    private static String read(String file) {
        try {
            return Files.readString(FILES.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
