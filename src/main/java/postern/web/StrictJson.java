package postern.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Refuses JSON values of another type than the contract's, which Jackson would convert: a number
 * for an enum, a fraction for an integer, a string for a number, a number for a time; a member that
 * occurs twice, of which one would be lost; and texts with half of a surrogate pair, which no
 * charset can encode.
 */
@Component
final class StrictJson implements JsonMapperBuilderCustomizer {

    @Override
    public void customize(JsonMapper.Builder json) {
        json.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
        json.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
        json.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        json.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        json.withCoercionConfig(
                LogicalType.Textual,
                texts ->
                        texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
        json.addModule(
                new SimpleModule("strict")
                        .addDeserializer(Instant.class, new Rfc3339())
                        .addDeserializer(String.class, new WholeCharacters()));
    }

    private static final class WholeCharacters extends StringDeserializer {

        @Override
        public @Nullable String deserialize(JsonParser json, DeserializationContext context) {
            var text = super.deserialize(json, context);
            if (text != null
                    && text.codePoints()
                            .anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
                return (String)
                        context.handleWeirdStringValue(
                                String.class, "", "has half of a surrogate pair");
            }
            return text;
        }
    }

    private static final class Rfc3339 extends StdScalarDeserializer<Instant> {

        private static final Pattern DATE_TIME =
                Pattern.compile(
                        "\\d{4}-\\d{2}-\\d{2}T(?:[01]\\d|2[0-3]):\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})",
                        Pattern.CASE_INSENSITIVE);

        Rfc3339() {
            super(Instant.class);
        }

        @Override
        public @Nullable Instant deserialize(JsonParser json, DeserializationContext context) {
            if (!json.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(getValueType(context), json);
            }
            var text = json.getString();
            try {
                if (DATE_TIME.matcher(text).matches()) {
                    return Instant.parse(text);
                }
            } catch (DateTimeException _) {
                // a month 13, refused below
            }
            return (Instant)
                    context.handleWeirdStringValue(Instant.class, text, "is not a date-time");
        }
    }
}
