package postern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What holds for the JSON of every request, whichever operations there are. */
@SpringBootTest
@AutoConfigureMockMvc
class RequestBodiesTest {

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    private RequestMappingHandlerMapping routes;

    @Autowired private JsonMapper json;

    @Test
    void theTypesOfAllBodiesAreFound() {
        assertThat(records())
                .extracting(Class::getSimpleName)
                .contains("SearchRequest", "SearchFilter", "SearchHeader", "BatchRequest")
                .contains("EmailAddress", "HeaderField", "ReplyRequest", "ForwardRequest")
                .hasSizeGreaterThan(12);
    }

    @Test
    void anEmptyOptionalCollectionIsAbsent() throws Exception {
        for (var type : records()) {
            for (var component : optional(type)) {
                if (collection(component.getType())) {
                    var empty = isMap(component.getType()) ? Map.of() : List.of();
                    var read = read(type, component, empty);
                    if (refusesEmpty(component)) {
                        assertThat(read).as(name(component)).isEqualTo(empty);
                    } else {
                        assertThat(read).as(name(component)).isNull();
                    }
                }
            }
        }
    }

    private static boolean refusesEmpty(RecordComponent component) {
        var size = component.getAccessor().getAnnotation(Size.class);
        return size != null && size.min() > 0;
    }

    @Test
    void nullIsAbsent() throws Exception {
        for (var type : records()) {
            for (var component : optional(type)) {
                assertThat(read(type, component, null)).as(name(component)).isNull();
            }
        }
    }

    @Test
    void unknownFieldsAreRefused() {
        for (var type : records()) {
            var body = sample(type);
            body.put("noSuchField", 1);

            assertThatThrownBy(() -> json.readValue(json.writeValueAsString(body), type))
                    .as(type.getSimpleName())
                    .isInstanceOf(JacksonException.class);
        }
    }

    /** A value of another type than the contract's would be converted by Jackson's defaults. */
    @Test
    void valuesOfAnotherTypeAreRefused() {
        for (var type : records()) {
            for (var component : type.getRecordComponents()) {
                for (var wrong : wrong(component.getType())) {
                    assertThatThrownBy(() -> read(type, component, wrong))
                            .as(name(component) + " " + wrong)
                            .isInstanceOf(JacksonException.class);
                }
            }
        }
    }

    /** One of the two would be lost. */
    @Test
    void aMemberThatOccursTwiceIsRefused() {
        var twice = "{\"limit\": 1, \"filter\": {}, \"limit\": 2}";

        for (var type : records()) {
            if (type.getSimpleName().equals("SearchRequest")) {
                assertThatThrownBy(() -> json.readValue(twice, type))
                        .isInstanceOf(JacksonException.class)
                        .hasMessageContaining("Duplicate");
            }
        }
        assertThatThrownBy(() -> json.readTree(twice))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("Duplicate");
    }

    private static List<Object> wrong(Class<?> type) {
        if (type == String.class) {
            return List.of(1, 1.5, true, "half of \ud83d a character");
        }
        if (type == Integer.class || type == int.class || type == Long.class) {
            return List.of(1.9, 1.0, "1", true);
        }
        return type == Boolean.class || type == boolean.class
                ? List.of(0, 1, "true", "")
                // an enum, an id or a time
                : List.of(0, 1.5, true, "0", "");
    }

    private @Nullable Object read(Class<?> type, RecordComponent component, @Nullable Object value)
            throws Exception {
        var body = sample(type);
        body.put(component.getName(), value);
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        return accessor.invoke(json.readValue(json.writeValueAsString(body), type));
    }

    private Set<Class<?>> records() {
        var found = new LinkedHashSet<Class<?>>();
        routes.getHandlerMethods()
                .values()
                .forEach(handler ->
                        bodies(handler.getMethod()).forEach(body -> collect(body, found)));
        return found;
    }

    /** The types of the bodies that a handler takes. A merge patch is read as a JsonNode. */
    private static Stream<Type> bodies(Method handler) {
        var read =
                Arrays.stream(handler.getParameters())
                        .filter(it -> it.isAnnotationPresent(RequestBody.class))
                        .map(it -> (Type) it.getParameterizedType());
        var documented =
                AnnotatedElementUtils.findMergedAnnotation(
                        handler, io.swagger.v3.oas.annotations.parameters.RequestBody.class);
        return documented == null
                ? read
                : Stream.concat(
                        read,
                        Arrays.stream(documented.content())
                                .map(it -> it.schema().implementation()));
    }

    private static void collect(Type type, Set<Class<?>> found) {
        if (type instanceof ParameterizedType generic) {
            Arrays.stream(generic.getActualTypeArguments()).forEach(it -> collect(it, found));
        }
        if (type instanceof Class<?> raw
                && raw.isRecord()
                && raw.getPackageName().startsWith("postern.")
                && !isText(raw)
                && found.add(raw)) {
            for (var component : raw.getRecordComponents()) {
                collect(component.getGenericType(), found);
            }
        }
    }

    /** Whether it is a string in JSON. */
    private static boolean isText(Class<?> type) {
        return type.getPackageName().equals("postern.web.id");
    }

    private static List<RecordComponent> optional(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(it -> it.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .toList();
    }

    private Map<String, @Nullable Object> sample(Class<?> type) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        Arrays.stream(type.getRecordComponents())
                .filter(it -> !it.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .forEach(it -> body.put(it.getName(), value(it.getGenericType())));
        return body;
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType generic) {
            return List.of(value(generic.getActualTypeArguments()[0]));
        }
        var raw = (Class<?>) type;
        if (raw == String.class) {
            return "x";
        }
        if (raw == int.class) {
            return 1;
        }
        if (raw == boolean.class) {
            return true;
        }
        if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        }
        var example = raw.getAnnotation(Schema.class);
        return isText(raw) && example != null ? example.example() : sample(raw);
    }

    private static boolean collection(Class<?> type) {
        return Collection.class.isAssignableFrom(type) || isMap(type);
    }

    private static boolean isMap(Class<?> type) {
        return Map.class.isAssignableFrom(type);
    }

    private static String name(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }
}
