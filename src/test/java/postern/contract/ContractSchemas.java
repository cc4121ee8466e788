package postern.contract;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The schemas of the contract, by which bodies are checked. */
final class ContractSchemas {

    private static final String BASE = "https://postern.invalid/openapi";

    private final SchemaRegistry registry;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    ContractSchemas(Contract contract) {
        var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        registry =
                SchemaRegistry.withDialect(
                        Dialects.getOpenApi31(),
                        it ->
                                it.schemaRegistryConfig(config)
                                        .schemas(Map.of(BASE, contract.document().toString())));
    }

    /** What is wrong with a body that shall obey the schema of that name. */
    List<String> faults(String schema, JsonNode body) {
        return schemas
                .computeIfAbsent(
                        schema,
                        name ->
                                registry.getSchema(
                                        SchemaLocation.of(BASE + "#/components/schemas/" + name)))
                .validate(body)
                .stream()
                .map(Object::toString)
                .toList();
    }
}
