package postern.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code kubectl kustomize} makes of the manifests is what the API of Kubernetes knows: every
 * field exists where it stands, and has the type that it must have. Without kubectl it is skipped,
 * but where {@code CI} is set.
 */
class RenderedManifestsTest {

    private static final Gson GSON = new Gson();

    private static final Map<String, Class<?>> MODELS =
            Map.ofEntries(
                    Map.entry("v1 ServiceAccount", V1ServiceAccount.class),
                    Map.entry("v1 ConfigMap", V1ConfigMap.class),
                    Map.entry("v1 Secret", V1Secret.class),
                    Map.entry("v1 Service", V1Service.class),
                    Map.entry("v1 Namespace", V1Namespace.class),
                    Map.entry("apps/v1 Deployment", V1Deployment.class),
                    Map.entry("apps/v1 StatefulSet", V1StatefulSet.class),
                    Map.entry("networking.k8s.io/v1 Ingress", V1Ingress.class),
                    Map.entry("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class),
                    Map.entry("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class),
                    Map.entry(
                            "autoscaling/v2 HorizontalPodAutoscaler",
                            V2HorizontalPodAutoscaler.class));

    @ParameterizedTest
    @ValueSource(strings = {"deploy/kubernetes", "deploy/kubernetes-example"})
    void whatKustomizeRendersIsWhatTheApiTakes(String directory) throws Exception {
        for (var manifest : YamlNode.parse(rendered(directory))) {
            check(manifest);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deploy/kubernetes/secrets.example.yaml",
                "deploy/kubernetes/ingress-nginx/controller.yaml"
            })
    void soAreTheOthers(String file) throws Exception {
        for (var manifest : YamlNode.read(Path.of(file))) {
            check(manifest);
        }
    }

    @Test
    void aWrongFieldOrTypeWouldBeFound() {
        var misspelt =
                """
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: x}
                spec: {maxUnavailable: 1, selectors: {}}
                """;
        assertThatThrownBy(() -> check(YamlNode.parse(misspelt).getFirst()))
                .hasMessageContaining("selectors");
        var mistyped =
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: x}
                spec:
                  replicas: many
                  selector: {}
                  template: {}
                """;
        assertThatThrownBy(() -> check(YamlNode.parse(mistyped).getFirst()))
                .hasMessageContaining("many");
    }

    private static void check(YamlNode manifest) throws Exception {
        var kind = manifest.text("apiVersion") + " " + manifest.text("kind");
        var model = MODELS.get(kind);
        assertThat(model).as(kind).isNotNull();
        var json = GSON.toJsonTree(manifest.values());
        try {
            Objects.requireNonNull(model)
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, json);
        } catch (InvocationTargetException e) {
            var cause = Objects.requireNonNull(e.getCause());
            throw new AssertionError(kind + ": " + cause.getMessage(), cause);
        }
        assertThat((Object) JSON.getGson().fromJson(json, model)).as(kind).isNotNull();
    }

    private static String rendered(String directory) throws IOException, InterruptedException {
        boolean there =
                List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(it -> Files.isExecutable(Path.of(it, "kubectl")));
        assumeTrue(there || System.getenv("CI") != null, "there is no kubectl");
        var kubectl =
                new ProcessBuilder("kubectl", "kustomize", directory)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var rendered = new String(kubectl.getInputStream().readAllBytes(), UTF_8);
        assertThat(kubectl.waitFor()).as("kubectl kustomize " + directory).isZero();
        return rendered;
    }
}
