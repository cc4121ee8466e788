package postern.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/** Reads files of presets: YAML, bound strictly, so that a name that is not known is an error. */
final class PresetsFile {

    static final Resource OURS = new ClassPathResource("postern/provider/presets.yaml");

    private static final String ROOT = "presets";

    private PresetsFile() {}

    /** The presets of a file by name; an error names the place in the file. */
    static Map<String, Provider> read(Resource file) {
        if (!file.isReadable()) {
            throw new IllegalArgumentException(
                    "postern.presets-file cannot be read: " + file.getDescription());
        }
        try {
            var sources = new YamlPropertySourceLoader().load(file.getDescription(), file);
            var presets =
                    new Binder(ConfigurationPropertySources.from(sources))
                            .bind(
                                    ROOT,
                                    Bindable.mapOf(String.class, Provider.class),
                                    new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                            .orElseGet(Map::of);
            return new TreeMap<>(presets);
        } catch (IOException e) {
            throw new UncheckedIOException(file.getDescription(), e);
        }
    }
}
