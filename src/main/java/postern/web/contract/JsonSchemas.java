package postern.web.contract;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.AnnotationsUtils;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.io.InputStream;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/**
 * Derives OpenAPI schemas from JSpecify annotations and from the configuration of our JSON mapper.
 */
@Component
@SuppressWarnings("rawtypes") // the interface speaks of raw schemas
final class JsonSchemas implements ModelConverter {

    /** The names of an enumeration's values in generated clients. */
    static final String CONSTANTS = "x-enum-varnames";

    private static final Set<Class<?>> OCTETS =
            Set.of(byte[].class, InputStream.class, Resource.class, StreamingResponseBody.class);

    /** What stands before the last word of a name. */
    private static final Pattern LAST_WORD = Pattern.compile("^.*(?=[A-Z])");

    private final JsonMapper json;

    JsonSchemas(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean isOpenapi31() {
        return true;
    }

    @Override
    public @Nullable Schema resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        var raw = TypeFactory.defaultInstance().constructType(type.getType()).getRawClass();
        if (OCTETS.contains(raw)) {
            return string().format("binary");
        }
        if (raw.isEnum()) {
            return define(raw, enumeration(raw), context);
        }
        var union = TaggedUnion.of(raw);
        if (union.isPresent()) {
            return define(raw, oneOf(union.get(), context), context);
        }
        var accessor = valueAccessor(raw);
        if (accessor.isPresent()) {
            return value(raw, accessor.get(), context);
        }
        var schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
        if (raw.isRecord() && schema != null) {
            describe(raw, definition(schema, context));
        }
        return schema;
    }

    private Schema<?> enumeration(Class<?> type) {
        var schema = string();
        var names = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            schema.addEnumItemObject(json.convertValue(constant, String.class));
            names.add(constantName(type, ((Enum<?>) constant).name()));
        }
        schema.addExtension(CONSTANTS, names);
        return schema;
    }

    /**
     * {@code SortSizeDescending} for {@code SIZE_DESCENDING} of {@code MessageSort}: in Go the
     * constants of all enumerations share one namespace.
     */
    private static String constantName(Class<?> type, String constant) {
        return Stream.concat(
                        Stream.of(LAST_WORD.matcher(type.getSimpleName()).replaceFirst("")),
                        Arrays.stream(constant.split("_"))
                                .map(word -> word.toLowerCase(Locale.ROOT)))
                .map(StringUtils::capitalize)
                .collect(Collectors.joining());
    }

    private static Schema<?> oneOf(TaggedUnion union, ModelConverterContext context) {
        var discriminator = new Discriminator().propertyName(union.tag());
        var schema = new JsonSchema().discriminator(discriminator);
        for (var member : union.members()) {
            context.resolve(new AnnotatedType(member).resolveAsRef(true));
            schema.addOneOfItem(reference(member));
            discriminator.mapping(union.valueOf(member), reference(member).get$ref());
        }
        return schema;
    }

    private static Optional<Method> valueAccessor(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(JsonValue.class))
                .findFirst();
    }

    /**
     * Inlines the schema of a {@code @JsonValue} type: generated clients then have a plain string
     * or map.
     */
    private static Schema<?> value(Class<?> type, Method accessor, ModelConverterContext context) {
        var written = new AnnotatedType(accessor.getGenericReturnType()).schemaProperty(true);
        // A copy: the context shares one schema among all types with the same JSON value.
        var own = AnnotationsUtils.clone(context.resolve(written), true);
        return annotated(withNulls(own, accessor.getAnnotatedReturnType()), type);
    }

    private static void describe(Class<?> type, Schema<?> schema) {
        var javadoc = Javadoc.of(type);
        describe(schema, javadoc);
        var required = new ArrayList<String>();
        for (var component : type.getRecordComponents()) {
            var name = name(component);
            schema.getProperties()
                    .computeIfPresent(name, (_, it) -> property(component, it, javadoc));
            if (!isNullable(component.getAnnotatedType())) {
                required.add(name);
            }
        }
        TaggedUnion.having(type)
                .forEach(union -> {
                    schema.addProperty(union.tag(), tag(union.valueOf(type)));
                    required.add(union.tag());
                });
        schema.setRequired(required);
    }

    private static Schema<?> property(
            RecordComponent component, Schema<?> property, Javadoc javadoc) {
        var schema = withNulls(property, component.getAnnotatedType());
        var described = component.isAnnotationPresent(NullRemoves.class) ? orNull(schema) : schema;
        return described.description(
                javadoc.parameters().getOrDefault(component.getName(), described.getDescription()));
    }

    /**
     * A nullable component is absent when it has no value, but a nullable element is {@code null}
     * in JSON.
     */
    private static Schema<?> withNulls(Schema<?> schema, java.lang.reflect.AnnotatedType declared) {
        if (!(declared instanceof AnnotatedParameterizedType parameterized)) {
            return schema;
        }
        var element = parameterized.getAnnotatedActualTypeArguments();
        var last = element[element.length - 1];
        if (schema.getItems() != null) {
            schema.setItems(element(schema.getItems(), last));
        }
        if (schema.getAdditionalProperties() instanceof Schema<?> values) {
            schema.setAdditionalProperties(element(values, last));
        }
        return schema;
    }

    private static Schema<?> element(Schema<?> element, java.lang.reflect.AnnotatedType declared) {
        var schema = withNulls(element, declared);
        return isNullable(declared) ? orNull(schema) : schema;
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.getTypes() != null) {
            schema.addType("null");
            return schema;
        }
        if (schema.get$ref() != null) {
            return new JsonSchema()
                    .addOneOfItem(schema)
                    .addOneOfItem(new JsonSchema().typesItem("null"));
        }
        return schema;
    }

    private static boolean isNullable(java.lang.reflect.AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static String name(RecordComponent component) {
        var property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null || property.value().isEmpty()
                ? component.getName()
                : property.value();
    }

    private static Schema<?> define(
            Class<?> type, Schema<?> schema, ModelConverterContext context) {
        context.defineModel(type.getSimpleName(), annotated(schema, type));
        return reference(type);
    }

    private static Schema<?> definition(Schema<?> schema, ModelConverterContext context) {
        var reference = schema.get$ref();
        if (reference == null) {
            return schema;
        }
        var name = reference.substring(Components.COMPONENTS_SCHEMAS_REF.length());
        return requireNonNull(context.getDefinedModels().get(name));
    }

    private static Schema<?> annotated(Schema<?> schema, Class<?> type) {
        var annotation = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        var annotated =
                AnnotationsUtils.getSchemaFromAnnotation(annotation, null, null, true, schema)
                        .orElse(schema);
        describe(annotated, Javadoc.of(type));
        return annotated;
    }

    private static void describe(Schema<?> schema, Javadoc javadoc) {
        if (schema.getDescription() == null) {
            schema.setDescription(javadoc.description().orElse(null));
        }
    }

    private static Schema<?> reference(Class<?> type) {
        return new JsonSchema().$ref(Components.COMPONENTS_SCHEMAS_REF + type.getSimpleName());
    }

    private static Schema<?> tag(String value) {
        var schema = string();
        schema.setConst(value);
        return schema;
    }

    private static Schema<Object> string() {
        var schema = new JsonSchema();
        schema.addType("string");
        return schema;
    }
}
