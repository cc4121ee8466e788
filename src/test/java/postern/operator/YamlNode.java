package postern.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A mapping of YAML; asking for what it does not have is a failure of the test. */
record YamlNode(Map<String, Object> values) {

    static List<YamlNode> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<YamlNode> parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        var nodes = new ArrayList<YamlNode>();
        new Yaml(new SafeConstructor(options)).loadAll(text).forEach(it -> nodes.add(of(it)));
        return nodes;
    }

    @SuppressWarnings("unchecked")
    private static YamlNode of(@Nullable Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return new YamlNode((Map<String, Object>) value);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String name() {
        return node("metadata").text("name");
    }

    YamlNode node(String key) {
        assertThat(values).containsKey(key);
        return of(values.get(key));
    }

    Map<String, Object> map(String... keys) {
        var found = this;
        for (var key : keys) {
            found = found.node(key);
        }
        return found.values;
    }

    String text(String key) {
        assertThat(values).containsKey(key);
        return String.valueOf(values.get(key));
    }

    List<String> texts(String key) {
        return list(key).stream().map(String::valueOf).toList();
    }

    List<YamlNode> nodes(String key) {
        return list(key).stream().map(YamlNode::of).toList();
    }

    private List<?> list(String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }
}
