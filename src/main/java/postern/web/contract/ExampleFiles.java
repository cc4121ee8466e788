package postern.web.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.swagger.v3.core.util.Yaml31;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The examples of the contract, in YAML files beside this class. They are read when somebody asks
 * for the contract, so that they take no memory before.
 */
final class ExampleFiles {

    private ExampleFiles() {}

    /** What the file contains; a missing node if there is no such file. */
    static JsonNode read(String name) {
        try (var file = ExampleFiles.class.getResourceAsStream(name)) {
            return file == null ? MissingNode.getInstance() : Yaml31.mapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
