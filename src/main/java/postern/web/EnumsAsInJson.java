package postern.web;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import tools.jackson.databind.json.JsonMapper;

/** Reads enum constants in parameters by their names in JSON. */
@SuppressWarnings("rawtypes") // ConverterFactory cannot name "every enum" otherwise
final class EnumsAsInJson implements ConverterFactory<String, Enum> {

    private final JsonMapper json;

    EnumsAsInJson(JsonMapper json) {
        this.json = json;
    }

    @Override
    public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
        Map<String, T> byWord = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants())
                .forEach(constant ->
                        byWord.put(json.convertValue(constant, String.class), constant));
        return word -> {
            var constant = byWord.get(word);
            if (constant == null) {
                throw new IllegalArgumentException(
                        "is not one of " + String.join(", ", byWord.keySet()));
            }
            return constant;
        };
    }
}
