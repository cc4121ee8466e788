package postern.web.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A sealed JSON type with a discriminator property. */
record TaggedUnion(Class<?> type, String tag) {

    static Optional<TaggedUnion> of(Class<?> type) {
        var info = type.getDeclaredAnnotation(JsonTypeInfo.class);
        if (!type.isSealed() || info == null) {
            return Optional.empty();
        }
        var tag = info.property().isEmpty() ? info.use().getDefaultPropertyName() : info.property();
        return Optional.of(new TaggedUnion(type, tag));
    }

    static Stream<TaggedUnion> having(Class<?> member) {
        return Arrays.stream(member.getInterfaces()).map(TaggedUnion::of).flatMap(Optional::stream);
    }

    List<Class<?>> members() {
        return List.of(type.getPermittedSubclasses());
    }

    String valueOf(Class<?> member) {
        return Stream.concat(namesGivenByTheUnion(member), namesGivenByTheMember(member))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(member + " has no name in " + type));
    }

    private Stream<String> namesGivenByTheUnion(Class<?> member) {
        return Stream.ofNullable(type.getDeclaredAnnotation(JsonSubTypes.class))
                .flatMap(types -> Arrays.stream(types.value()))
                .filter(named -> Objects.equals(named.value(), member))
                .map(JsonSubTypes.Type::name)
                .filter(name -> !name.isEmpty());
    }

    private static Stream<String> namesGivenByTheMember(Class<?> member) {
        return Stream.ofNullable(member.getDeclaredAnnotation(JsonTypeName.class))
                .map(JsonTypeName::value);
    }
}
