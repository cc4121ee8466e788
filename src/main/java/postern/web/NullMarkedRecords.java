package postern.web;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.module.SimpleModule;

/**
 * Makes Jackson require record components that are not {@code @Nullable}, as the contract promises,
 * and read an empty collection as absent where the component is {@code @Nullable}: generated
 * clients send optional collections empty when nobody has set them. One whose minimum size is given
 * stays empty and is refused, since absent means something else there.
 */
@Component
final class NullMarkedRecords extends SimpleModule {

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.insertAnnotationIntrospector(new Introspector());
    }

    private static final class Introspector extends NopAnnotationIntrospector {

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            return component(member).map(type -> !nullable(type)).orElse(null);
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated member) {
            return component(member)
                    .map(type -> JsonSetter.Value.forValueNulls(nulls(type), contentNulls(type)))
                    .orElseGet(JsonSetter.Value::empty);
        }

        @Override
        public @Nullable Object findDeserializationConverter(
                MapperConfig<?> config, Annotated member) {
            return component(member)
                    .filter(type -> nullable(type) && member.getType().isContainerType())
                    .filter(_ -> !refusesEmpty(member))
                    .map(_ -> new EmptyAsAbsent(member.getType()))
                    .orElse(null);
        }

        private static boolean refusesEmpty(Annotated member) {
            var size = member.getAnnotation(Size.class);
            return size != null && size.min() > 0;
        }

        private static Optional<AnnotatedType> component(Annotated member) {
            return member instanceof AnnotatedParameter parameter
                            && parameter.getOwner().getAnnotated() instanceof Constructor<?> record
                            && record.getDeclaringClass().isRecord()
                            && record.getDeclaringClass()
                                    .getPackage()
                                    .isAnnotationPresent(NullMarked.class)
                    ? Optional.of(record.getAnnotatedParameterTypes()[parameter.getIndex()])
                    : Optional.empty();
        }

        private static @Nullable Nulls contentNulls(AnnotatedType type) {
            if (!(type instanceof AnnotatedParameterizedType container)) {
                return null;
            }
            var arguments = container.getAnnotatedActualTypeArguments();
            return nulls(arguments[arguments.length - 1]);
        }

        private static @Nullable Nulls nulls(AnnotatedType type) {
            return nullable(type) ? null : Nulls.FAIL;
        }

        private static boolean nullable(AnnotatedType type) {
            return type.isAnnotationPresent(Nullable.class);
        }
    }
}
