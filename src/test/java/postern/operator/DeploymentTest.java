package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.json.JsonMapper;

/**
 * The manifests for Kubernetes and the unit for systemd: what they refer to exists, and their times
 * add up.
 */
class DeploymentTest {

    private static final Path BASE = Path.of("deploy/kubernetes");
    private static final Path OVERLAY = Path.of("deploy/kubernetes-example");
    private static final Path SYSTEMD = Path.of("deploy/systemd");

    /** How long the pool waits for LOGOUT, and some time more. */
    private static final Duration AFTER_THE_WEB_SERVER = Duration.ofSeconds(10);

    /** What each kind is called by; another version is a typing error until it stands here. */
    private static final Map<String, String> KINDS =
            Map.of(
                    "ServiceAccount", "v1",
                    "ConfigMap", "v1",
                    "Service", "v1",
                    "Deployment", "apps/v1",
                    "StatefulSet", "apps/v1",
                    "Ingress", "networking.k8s.io/v1",
                    "NetworkPolicy", "networking.k8s.io/v1",
                    "PodDisruptionBudget", "policy/v1",
                    "HorizontalPodAutoscaler", "autoscaling/v2");

    private final List<YamlNode> manifests = manifests();

    @Test
    void kustomizeHasAllManifestsAndNoSecret() throws IOException {
        var listed =
                YamlNode.read(BASE.resolve("kustomization.yaml")).getFirst().texts("resources");

        try (var files = Files.list(BASE)) {
            assertThat(
                            files.map(it -> it.getFileName().toString())
                                    .filter(it -> it.endsWith(".yaml")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(
                                            listed.stream(),
                                            Stream.of("kustomization.yaml", "secrets.example.yaml"))
                                    .toList());
        }
        assertThat(manifests)
                .allSatisfy(it ->
                        assertThat(it.text("apiVersion"))
                                .as(it.name())
                                .isEqualTo(KINDS.get(it.text("kind"))));
        assertThat(manifests.stream().map(it -> it.text("kind") + " " + it.name()))
                .doesNotHaveDuplicates();
    }

    @Test
    void selectorsMatchThePodsTheyAreMeantFor() {
        var gateway = labels(one("Deployment", "postern"));
        var store = labels(one("StatefulSet", "postern-valkey"));

        for (var workload : workloads()) {
            assertThat(labels(workload)).containsAllEntriesOf(selector(workload, "selector"));
        }
        assertThat(one("Service", "postern").map("spec", "selector"))
                .isEqualTo(selector(one("Deployment", "postern"), "selector"));
        assertThat(one("Service", "postern-valkey").map("spec", "selector"))
                .isEqualTo(selector(one("StatefulSet", "postern-valkey"), "selector"));
        assertThat(gateway)
                .containsAllEntriesOf(selector(one("PodDisruptionBudget", "postern"), "selector"))
                .containsAllEntriesOf(selector(one("NetworkPolicy", "postern"), "podSelector"));
        assertThat(store)
                .containsAllEntriesOf(
                        selector(one("NetworkPolicy", "postern-valkey"), "podSelector"))
                .doesNotContainEntry("app.kubernetes.io/component", "gateway");
        assertThat(pod(one("Deployment", "postern")).nodes("topologySpreadConstraints"))
                .hasSize(2)
                .allSatisfy(it ->
                        assertThat(gateway)
                                .containsAllEntriesOf(it.map("labelSelector", "matchLabels")));
        var reaching =
                one("NetworkPolicy", "postern-valkey").node("spec").nodes("ingress").getFirst();
        assertThat(gateway)
                .containsAllEntriesOf(
                        reaching.nodes("from").getFirst().map("podSelector", "matchLabels"));
    }

    @Test
    void portsAreThoseOfTheImage() throws IOException {
        var dockerfile = Files.readString(Path.of("Dockerfile"));
        var ports = ports(one("Deployment", "postern"));
        var gateway = containers(one("Deployment", "postern")).getFirst();
        var policy = one("NetworkPolicy", "postern").node("spec");

        assertThat(ports).containsOnlyKeys("http", "management");
        assertThat(dockerfile)
                .contains("EXPOSE " + ports.get("http"))
                .contains("MANAGEMENT_SERVER_PORT=" + ports.get("management"));
        assertThat(List.of("startupProbe", "livenessProbe", "readinessProbe"))
                .allSatisfy(it ->
                        assertThat(gateway.node(it).node("httpGet").text("port"))
                                .isEqualTo("http"));
        assertThat(gateway.node("livenessProbe").node("httpGet").text("path")).isEqualTo("/livez");
        assertThat(gateway.node("readinessProbe").node("httpGet").text("path"))
                .isEqualTo("/readyz");
        assertThat(numbers(policy.nodes("ingress")))
                .containsExactlyInAnyOrderElementsOf(ports.values());
        assertThat(numbers(policy.nodes("egress")))
                .containsExactlyInAnyOrder("53", "53", "143", "443", "465", "587", "993", "6379");
        assertThat(
                        one("Deployment", "postern")
                                .node("spec")
                                .node("template")
                                .node("metadata")
                                .map("annotations"))
                .containsEntry("prometheus.io/port", ports.get("management"));
    }

    @Test
    void servicesAndTheIngressReachPortsThatExist() {
        for (var workload : workloads()) {
            var service = one("Service", workload.name());
            assertThat(service.node("spec").nodes("ports"))
                    .allSatisfy(
                            it -> assertThat(ports(workload)).containsKey(it.text("targetPort")));
        }
        assertThat(one("Service", "postern").node("spec").nodes("ports"))
                .as("metrics are for nobody outside")
                .extracting(it -> it.text("targetPort"))
                .containsExactly("http");
        var path =
                one("Ingress", "postern")
                        .node("spec")
                        .nodes("rules")
                        .getFirst()
                        .node("http")
                        .nodes("paths")
                        .getFirst();
        assertThat(path.text("path")).isEqualTo("/v1");
        assertThat(path.node("backend").node("service").text("name")).isEqualTo("postern");
        assertThat(path.node("backend").node("service").node("port").text("name"))
                .isEqualTo(
                        one("Service", "postern")
                                .node("spec")
                                .nodes("ports")
                                .getFirst()
                                .text("name"));
    }

    @Test
    void theIngressControllerKnowsTheAccountAndOverwritesTheAddress() throws IOException {
        var controller = YamlNode.read(BASE.resolve("ingress-nginx/controller.yaml"));
        var variable =
                one("Ingress", "postern")
                        .node("metadata")
                        .map("annotations")
                        .get("nginx.ingress.kubernetes.io/upstream-hash-by");
        var settings = controller.getFirst().map("data");

        assertThat(String.valueOf(settings.get("http-snippet"))).contains(variable + " {");
        assertThat(settings)
                .containsEntry("use-forwarded-headers", "false")
                .containsEntry(
                        "proxy-set-headers",
                        controller.getLast().node("metadata").text("namespace")
                                + "/"
                                + controller.getLast().name());
        assertThat(controller.getLast().map("data")).containsEntry("Forwarded", "");
    }

    @Test
    void loadBalancersFindTheAccountInLinksToFilesAndToEvents() throws IOException {
        for (var file :
                List.of(
                        BASE.resolve("ingress-nginx/controller.yaml"),
                        Path.of("docker/nginx/nginx.conf"),
                        Path.of("docs/how-to/replicas.md"))) {
            var map = Pattern.compile("\"~(/v1/links/[^\"]*)\"").matcher(Files.readString(file));
            assertThat(map.find()).as(file.toString()).isTrue();
            var link =
                    Pattern.compile(
                            map.group(1)
                                    .replace("?<of_link>", "")
                                    .replace("?<postern_link_tag>", ""));

            assertThat(List.of("", "events/"))
                    .allSatisfy(it ->
                            assertThat("/v1/links/" + it + "5f0a3c91d27e.eyJra")
                                    .as(file.toString())
                                    .containsPattern(link));
        }
    }

    /** A token opens a file or a stream of events without a login. */
    @Test
    void loadBalancersLogNoTokenOfALink() throws IOException {
        for (var file :
                List.of(
                        BASE.resolve("ingress-nginx/controller.yaml"),
                        Path.of("docker/nginx/nginx.conf"))) {
            var text = Files.readString(file);
            var map =
                    Pattern.compile(
                                    "map \\$uri \\$(?<logged>\\w+) \\{\\s+\"~(?<link>[^\"]*)\" +"
                                            + " \\$(?<kept>\\w+)\\.\\.\\.;")
                            .matcher(text);
            assertThat(map.find()).as(file.toString()).isTrue();
            var link = Pattern.compile(map.group("link").replace("_", ""));

            assertThat(List.of("/v1/links/", "/v1/links/events/", "/mail/v1/links/"))
                    .allSatisfy(it -> {
                        var path = link.matcher(it + "5f0a3c91d27e.eyJra.dGhlIG5v/v1/links/x");
                        assertThat(path.find()).isTrue();
                        assertThat(path.group(map.group("kept").replace("_", "")))
                                .isEqualTo(it + "5f0a3c91d27e");
                    });
            assertThat("/v1/mailboxes").doesNotContainPattern(link);
            assertThat(text)
                    .contains("$request_method $" + map.group("logged") + " $status")
                    .containsPattern("error.log.*\\bcrit\\b");
        }
    }

    @Test
    void whatPodsReferToExists() throws IOException {
        var secrets = YamlNode.read(BASE.resolve("secrets.example.yaml"));

        for (var workload : workloads()) {
            one("ServiceAccount", pod(workload).text("serviceAccountName"));
            for (var container : containers(workload)) {
                var volumes = new HashSet<String>();
                pod(workload).nodes("volumes").forEach(it -> volumes.add(it.text("name")));
                workload.node("spec")
                        .nodes("volumeClaimTemplates")
                        .forEach(it -> volumes.add(it.name()));
                assertThat(container.nodes("volumeMounts"))
                        .isNotEmpty()
                        .allSatisfy(it -> assertThat(volumes).contains(it.text("name")));
                for (var from : container.nodes("envFrom")) {
                    if (from.has("configMapRef")) {
                        one("ConfigMap", from.node("configMapRef").text("name"));
                    } else {
                        named(secrets, from.node("secretRef").text("name"));
                    }
                }
                for (var variable : container.nodes("env")) {
                    if (variable.has("valueFrom")) {
                        var key = variable.node("valueFrom").node("secretKeyRef");
                        assertThat(named(secrets, key.text("name")).map("stringData"))
                                .containsKey(key.text("key"));
                    }
                }
            }
        }
        assertThat(named(secrets, "postern").map("stringData"))
                .containsOnlyKeys("POSTERN_SESSION_KEYS", "POSTERN_SHARED_URL");
        var port = ports(one("StatefulSet", "postern-valkey")).get("valkey");
        assertThat(named(secrets, "postern").map("stringData").get("POSTERN_SHARED_URL"))
                .asString()
                .endsWith("@%s:%s".formatted(one("Service", "postern-valkey").name(), port));
        assertThat(one("StatefulSet", "postern-valkey").node("spec").text("serviceName"))
                .isEqualTo("postern-valkey");
        var scaled = one("HorizontalPodAutoscaler", "postern").node("spec").node("scaleTargetRef");
        assertThat(one(scaled.text("kind"), scaled.text("name")).node("spec").has("replicas"))
                .as("the autoscaler sets them")
                .isFalse();
    }

    @Test
    void podsMayDoNothingThatTheyDoNotNeed() throws IOException {
        for (var workload : workloads()) {
            var pod = pod(workload);
            assertThat(pod.map("securityContext")).containsEntry("runAsNonRoot", true);
            assertThat(pod.node("securityContext").map("seccompProfile"))
                    .containsEntry("type", "RuntimeDefault");
            assertThat(pod.text("automountServiceAccountToken")).isEqualTo("false");
            assertThat(pod.text("enableServiceLinks"))
                    .as("variables such as POSTERN_VALKEY_PORT would look like properties")
                    .isEqualTo("false");
            assertThat(containers(workload))
                    .allSatisfy(it -> {
                        assertThat(it.map("securityContext"))
                                .containsEntry("allowPrivilegeEscalation", false)
                                .containsEntry("readOnlyRootFilesystem", true)
                                .containsEntry("capabilities", Map.of("drop", List.of("ALL")));
                        assertThat(it.map("resources", "limits")).containsKey("memory");
                    });
        }
        var user = pod(one("Deployment", "postern")).node("securityContext").text("runAsUser");
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("USER %1$s:%1$s".formatted(user));
    }

    @Test
    void theStoreLosesNothingSilently() {
        var arguments = containers(one("StatefulSet", "postern-valkey")).getFirst().texts("args");

        assertThat(arguments)
                .containsSequence("--appendonly", "yes")
                .containsSequence("--maxmemory-policy", "noeviction")
                .contains("--maxmemory", "--requirepass");
    }

    @Test
    void aPodHasTimeToEndGracefully() {
        var variables = containers(one("Deployment", "postern")).getFirst().nodes("env");
        var values = new TreeMap<String, String>();
        variables.forEach(it -> values.put(it.text("name"), it.text("value")));
        long grace =
                Long.parseLong(
                        pod(one("Deployment", "postern")).text("terminationGracePeriodSeconds"));

        assertThat(Duration.ofSeconds(grace)).isGreaterThanOrEqualTo(needed(values));
        var readiness = containers(one("Deployment", "postern")).getFirst().node("readinessProbe");
        long noticed =
                Long.parseLong(readiness.text("periodSeconds"))
                        * Long.parseLong(readiness.text("failureThreshold"));
        assertThat(duration(values, "POSTERN_SHUTDOWN_DRAIN"))
                .as("longer than Kubernetes needs to notice")
                .isGreaterThan(Duration.ofSeconds(noticed));
    }

    @Test
    void systemdWaitsForAGracefulEnd() throws IOException {
        var unit = Files.readString(SYSTEMD.resolve("postern.service"));
        var stop = Pattern.compile("(?m)^TimeoutStopSec=(\\d+s)$").matcher(unit);

        assertThat(stop.find()).isTrue();
        assertThat(DurationStyle.detectAndParse(stop.group(1)))
                .isGreaterThanOrEqualTo(needed(example()));
        assertThat(unit)
                .contains("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes")
                .contains("EnvironmentFile=/etc/postern/postern.env");
    }

    @Test
    void variablesAreThoseOfProperties() throws IOException {
        var names = new TreeSet<String>(example().keySet());
        names.addAll(one("ConfigMap", "postern").map("data").keySet());
        names.addAll(YamlNode.read(OVERLAY.resolve("config.yaml")).getFirst().map("data").keySet());
        names.addAll(
                named(YamlNode.read(BASE.resolve("secrets.example.yaml")), "postern")
                        .map("stringData")
                        .keySet());
        containers(one("Deployment", "postern"))
                .getFirst()
                .nodes("env")
                .forEach(it -> names.add(it.text("name")));
        var ours = Files.readString(Path.of("docs/configuration.md"));
        var theirs = variablesOfSpring();

        assertThat(names)
                .hasSizeGreaterThan(8)
                .allSatisfy(it -> {
                    if (it.startsWith("POSTERN_")) {
                        assertThat(ours).contains("<br>`" + it + "`");
                    } else {
                        assertThat(theirs).contains(it);
                    }
                });
    }

    @Test
    void theOverlayChangesWhatExists() throws IOException {
        var overlay = YamlNode.read(OVERLAY.resolve("kustomization.yaml")).getFirst();

        assertThat(overlay.texts("resources"))
                .contains("../" + BASE.getFileName())
                .allSatisfy(it -> assertThat(OVERLAY.resolve(it)).exists());
        assertThat(overlay.nodes("images"))
                .extracting(it -> it.text("name"))
                .containsExactly(containers(one("Deployment", "postern")).getFirst().text("image"));
        for (var patch : overlay.nodes("patches")) {
            var target =
                    patch.has("path")
                            ? YamlNode.read(OVERLAY.resolve(patch.text("path"))).getFirst()
                            : patch.node("target");
            one(target.text("kind"), patch.has("path") ? target.name() : target.text("name"));
        }
    }

    private static Duration needed(Map<String, String> values) {
        return duration(values, "POSTERN_SHUTDOWN_DRAIN")
                .plus(duration(values, "SPRING_LIFECYCLE_TIMEOUTPERSHUTDOWNPHASE"))
                .plus(AFTER_THE_WEB_SERVER);
    }

    private static Duration duration(Map<String, String> values, String name) {
        return DurationStyle.detectAndParse(Objects.requireNonNull(values.get(name), name));
    }

    /** Those that are commented out as well. */
    private static Map<String, String> example() throws IOException {
        var values = new TreeMap<String, String>();
        Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]+)=(.*)$")
                .matcher(Files.readString(SYSTEMD.resolve("postern.env.example")))
                .results()
                .forEach(it -> values.put(it.group(1), it.group(2)));
        return values;
    }

    private static Set<String> variablesOfSpring() throws IOException {
        var names = new HashSet<String>();
        var json = new JsonMapper();
        var files =
                DeploymentTest.class
                        .getClassLoader()
                        .getResources("META-INF/spring-configuration-metadata.json");
        for (var file : Collections.list(files)) {
            try (var content = file.openStream()) {
                for (var property : json.readTree(content).path("properties")) {
                    names.add(
                            property.path("name")
                                    .asString()
                                    .replace("-", "")
                                    .replace('.', '_')
                                    .toUpperCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private static List<YamlNode> manifests() {
        return YamlNode.read(BASE.resolve("kustomization.yaml"))
                .getFirst()
                .texts("resources")
                .stream()
                .flatMap(it -> YamlNode.read(BASE.resolve(it)).stream())
                .toList();
    }

    private List<YamlNode> workloads() {
        return List.of(one("Deployment", "postern"), one("StatefulSet", "postern-valkey"));
    }

    private YamlNode one(String kind, String name) {
        return named(manifests.stream().filter(it -> it.text("kind").equals(kind)).toList(), name);
    }

    private static YamlNode named(List<YamlNode> manifests, String name) {
        var found = manifests.stream().filter(it -> it.name().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static Map<String, Object> selector(YamlNode manifest, String selector) {
        return manifest.node("spec").map(selector, "matchLabels");
    }

    private static Map<String, Object> labels(YamlNode workload) {
        return workload.node("spec").node("template").map("metadata", "labels");
    }

    private static YamlNode pod(YamlNode workload) {
        return workload.node("spec").node("template").node("spec");
    }

    private static List<YamlNode> containers(YamlNode workload) {
        return pod(workload).nodes("containers");
    }

    private static Map<String, String> ports(YamlNode workload) {
        var ports = new TreeMap<String, String>();
        containers(workload)
                .getFirst()
                .nodes("ports")
                .forEach(it -> ports.put(it.text("name"), it.text("containerPort")));
        return ports;
    }

    private static List<String> numbers(List<YamlNode> rules) {
        return rules.stream()
                .flatMap(it -> it.nodes("ports").stream())
                .map(it -> it.text("port"))
                .toList();
    }
}
