package postern.web.page;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.web.Locations;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** A page for each problem, at the address that is its {@code type} (RFC 9457 §3.1.1). */
@Hidden
@RestController
@RequestMapping(path = "/problems", produces = MediaType.TEXT_HTML_VALUE)
final class ProblemPages {

    private static final String DESCRIPTION =
            """
            <dl>
            <dt>Code and status</dt><dd><code>%s</code>, %d</dd>
            <dt>When it occurs</dt><dd>%s</dd>
            <dt>What a client does</dt><dd>%s</dd>
            <dt>Whether the same request may succeed later</dt><dd>%s</dd>
            </dl>
            <p><a href="%s/problems">All problems</a></p>
            """;

    private final Map<String, ProblemCode> codes =
            Arrays.stream(ProblemCode.values())
                    .collect(
                            Collectors.toMap(
                                    ProblemCode::toString, it -> it, (a, _) -> a, TreeMap::new));

    private final Properties texts;

    ProblemPages() throws IOException {
        this.texts =
                PropertiesLoaderUtils.loadProperties(
                        new EncodedResource(
                                new ClassPathResource("problems.properties", ProblemPages.class),
                                "UTF-8"));
    }

    @GetMapping
    ResponseEntity<byte[]> all() {
        var rows =
                codes.values().stream()
                        .map(it ->
                                "<tr><td>%d</td><td><a href=\"%s/problems/%s\">%s</a></td></tr>\n"
                                        .formatted(
                                                it.status().value(),
                                                Page.text(Locations.contextPath()),
                                                it,
                                                Page.text(it.title())))
                        .collect(Collectors.joining());
        return Page.of("Problems", "<table>\n" + rows + "</table>");
    }

    @GetMapping("/{code}")
    ResponseEntity<byte[]> one(@PathVariable String code) {
        var known = codes.get(code);
        if (known == null) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "there is no such problem");
        }
        return Page.of(
                known.title(),
                DESCRIPTION.formatted(
                        known,
                        known.status().value(),
                        Page.prose(texts.getProperty(code + ".when", "")),
                        Page.prose(texts.getProperty(code + ".do", "")),
                        known.retryable() ? "yes" : "no",
                        Page.text(Locations.contextPath())));
    }
}
