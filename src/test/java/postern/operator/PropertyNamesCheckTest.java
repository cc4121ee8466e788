package postern.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.operator.KnownProperties.Below.NAMES;
import static postern.operator.KnownProperties.Below.NOTHING;
import static postern.operator.KnownProperties.Below.NUMBERS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

@ExtendWith(OutputCaptureExtension.class)
class PropertyNamesCheckTest {

    private static final KnownProperties KNOWN =
            new KnownProperties(
                    List.of(
                            new KnownProperties.Property("postern.imap.host", NOTHING),
                            new KnownProperties.Property("postern.imap.max-answer", NOTHING),
                            new KnownProperties.Property("postern.presets", NUMBERS),
                            new KnownProperties.Property("postern.proxies", NAMES),
                            new KnownProperties.Property("postern.servers.*.host", NOTHING),
                            new KnownProperties.Property("postern.servers.*.domains", NUMBERS)));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern.imap.host",
                "postern.imap.maxAnswer",
                "postern.imap.max_answer",
                "postern.presets[0]",
                "postern.proxies.my.work",
                "postern.servers.work.host",
                "postern.servers[my.work].host",
                "postern.servers.work.domains",
                "postern.servers.work.domains[0]",
                "server.port",
                "posterns"
            })
    void takesWhatIsRead(String name) {
        assertThatCode(() -> PropertyNamesCheck.check(file(name), KNOWN))
                .doesNotThrowAnyException();
    }

    @Test
    void endsTheStartForWhatNobodyReadsAndNamesWhatWasMeant() {
        assertThatThrownBy(() -> PropertyNamesCheck.check(file("postern.imap.hots"), KNOWN))
                .isInstanceOf(UnknownProperty.class)
                .hasMessage("There is no property 'postern.imap.hots', which is set in a file.")
                .hasMessageNotContaining("secret")
                .satisfies(it ->
                        assertThat(new UnknownProperty.Analyzer().analyze(it))
                                .extracting(analysis -> analysis.getAction())
                                .asString()
                                .startsWith("Did you mean 'postern.imap.host'?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern.servers.work",
                "postern.servers.work.imap.host",
                "postern.servers.my.work.host",
                "postern.servers.work.domains.first",
                "postern.presets.gmail",
                "postern.imap.host.name"
            })
    void endsTheStartForWhatNobodyReadsBelowMapsAndLists(String name) {
        assertThatThrownBy(() -> PropertyNamesCheck.check(file(name), KNOWN))
                .isInstanceOf(UnknownProperty.class);
    }

    @Test
    void namesWhatWasMeantBelowAMap() {
        assertThat(KNOWN.nearest("postern.servers.work.hots"))
                .hasValue("postern.servers.work.host");
        assertThat(KNOWN.nearestVariable("POSTERN_SERVERS_WORK_HOTS"))
                .hasValue("POSTERN_SERVERS_WORK_HOST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern.servers.work.host",
                "postern.servers.work.max-connections-per-account",
                "postern.servers.work.domains[0]",
                "postern.servers.work.submission.sent-copy",
                "postern.oauth.clients.gmail.client-id",
                "postern.oauth.clients.gmail.authorization-parameters.access_type",
                "postern.oauth.clients.gmail.app-only.apps[0]",
                "postern.app-keys.web[0]"
            })
    void knowsThePropertiesOfTheGatewayBelowMaps(String name) throws IOException {
        var known = KnownProperties.read(getClass().getClassLoader());

        assertThatCode(() -> PropertyNamesCheck.check(file(name), known))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postern.servers.work.imap.host",
                "postern.servers.work.submission.hots",
                "postern.oauth.clients.gmail.client-secrets"
            })
    void knowsWhatIsNoPropertyOfTheGatewayBelowMaps(String name) throws IOException {
        var known = KnownProperties.read(getClass().getClassLoader());

        assertThatThrownBy(() -> PropertyNamesCheck.check(file(name), known))
                .isInstanceOf(UnknownProperty.class);
    }

    @Test
    void takesSectionsOfWhichEachLineIsAComment() throws IOException {
        var yaml =
                new YamlPropertySourceLoader()
                        .load(
                                "a file",
                                new ByteArrayResource(
                                        """
                                        postern:
                                          imap:
                                            # host: imap.example.org
                                          servers:
                                            work:
                                        """
                                                .getBytes(UTF_8)));

        assertThatCode(() -> PropertyNamesCheck.check(environment(yaml.getFirst()), KNOWN))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> PropertyNamesCheck.check(file("postern.imap"), KNOWN))
                .isInstanceOf(UnknownProperty.class);
    }

    @Test
    void takesWhatAnotherPropertyHasItsValueFrom() {
        var source =
                new MapPropertySource(
                        "a file",
                        Map.of(
                                "postern.domain", "example.org",
                                "postern.imap.host", "imap.${postern.domain}",
                                "postern.directory", "/var/spool",
                                "spring.config.import", "${postern.directory:/tmp}/x"));

        assertThatCode(() -> PropertyNamesCheck.check(environment(source), KNOWN))
                .doesNotThrowAnyException();
    }

    @Test
    void onlyWarnsOfFilesInADirectoryOfSecrets(@TempDir Path directory, CapturedOutput log)
            throws IOException {
        Files.writeString(directory.resolve("postern.pem"), "secret");
        Files.writeString(directory.resolve("postern.imap.hots"), "secret");

        PropertyNamesCheck.check(
                environment(new ConfigTreePropertySource("the secrets", directory)), KNOWN);

        assertThat(log.getAll())
                .contains("postern.pem in the secrets sets no property")
                .contains("postern.imap.hots in the secrets sets no property; did you mean")
                .doesNotContain("secret\n");
    }

    @Test
    void onlyWarnsOfEnvEnvironmentVariables(CapturedOutput log) {
        PropertyNamesCheck.check(
                environment(
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "POSTERN_IMAP_HSOT", "secret",
                                        "POSTERN_IMAP_MAXANSWER", "1MB",
                                        "POSTERN_SERVERS_WORK_HOST", "imap.example.org",
                                        "POSTERN_SERVERS_WORK_DOMAINS_0", "example.org",
                                        "POSTERN_PRESETS_0", "gmail",
                                        "POSTERN_PORT", "tcp://10.0.0.1:8080",
                                        "POSTERN_PORT_8080_TCP_ADDR", "10.0.0.1",
                                        "POSTERN_SERVICE_HOST", "10.0.0.1"))),
                KNOWN);

        assertThat(log.getAll().lines().filter(line -> line.contains("sets no property")))
                .singleElement()
                .asString()
                .endsWith(
                        "the environment variable POSTERN_IMAP_HSOT sets no property;"
                                + " did you mean POSTERN_IMAP_HOST?");
        assertThat(log.getAll()).doesNotContain("secret");
    }

    private static ConfigurableEnvironment file(String name) {
        return environment(new MapPropertySource("a file", Map.of(name, "secret")));
    }

    private static ConfigurableEnvironment environment(PropertySource<?> source) {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(it -> environment.getPropertySources().remove(it.getName()));
        environment.getPropertySources().addFirst(source);
        return environment;
    }
}
