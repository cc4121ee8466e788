package postern.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@SpringBootTest
@AutoConfigureMockMvc
class OpenApiTest {

    private static final Path CONTRACT = Path.of("openapi.yaml");

    @Autowired private MockMvcTester http;

    @Test
    void theRoutesAreTheCommittedContract() throws IOException {
        var routes = http.get().uri("/v3/api-docs.yaml").exchange();
        assertThat(routes).hasStatusOk();
        var document = routes.getResponse().getContentAsString(StandardCharsets.UTF_8);
        assertThat(document)
                .as("compiled without the annotation processor that keeps Javadoc")
                .contains("summary: ");

        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(CONTRACT, document);
        }

        assertThat(document)
                .as("openapi.yaml; -Dopenapi.update rewrites it")
                .isEqualTo(Files.readString(CONTRACT));
    }

    @Test
    void everyOperationHasASummary() throws IOException {
        var contract = Files.readAllLines(CONTRACT);
        var summarised =
                contract.stream().filter(line -> line.startsWith("      summary: ")).count();
        var all = contract.stream().filter(line -> line.startsWith("      operationId: ")).count();

        assertThat(summarised).isEqualTo(all).isPositive();
    }

    @Test
    void theTextsAreMarkdownAndHaveNoJavadocTags() throws IOException {
        assertThat(Files.readString(CONTRACT)).doesNotContain("{@", "@param", "</code>");
    }

    @Test
    void theContractCanBeReadAndTriedInABrowser() {
        assertThat(http.get().uri("/swagger-ui.html"))
                .hasHeader("Location", "/swagger-ui/index.html");
        assertThat(http.get().uri("/swagger-ui/index.html")).hasStatusOk();
    }
}
