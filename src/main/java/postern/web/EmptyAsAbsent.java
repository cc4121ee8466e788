package postern.web;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.util.StdConverter;

/** Reads an empty collection or map as null. */
final class EmptyAsAbsent extends StdConverter<Object, @Nullable Object> {

    private final JavaType type;

    EmptyAsAbsent(JavaType type) {
        this.type = type;
    }

    @Override
    public @Nullable Object convert(Object value) {
        return switch (value) {
            case Collection<?> all when all.isEmpty() -> null;
            case Map<?, ?> all when all.isEmpty() -> null;
            default -> value;
        };
    }

    @Override
    public JavaType getInputType(TypeFactory types) {
        return type;
    }

    @Override
    public JavaType getOutputType(TypeFactory types) {
        return type;
    }
}
