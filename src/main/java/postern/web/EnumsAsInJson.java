package postern.web;

import java.util.Collection;
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
        var byWord = byWord(type, json);
        return word -> {
            var constant = byWord.get(word);
            if (constant == null) {
                throw new IllegalArgumentException(refusal(byWord.keySet()));
            }
            return constant;
        };
    }

    /** The constants by their names in JSON. */
    static <T> Map<String, T> byWord(Class<T> type, JsonMapper json) {
        var byWord = new LinkedHashMap<String, T>();
        for (var constant : type.getEnumConstants()) {
            byWord.put(json.convertValue(constant, String.class), constant);
        }
        return byWord;
    }

    static String refusal(Collection<String> words) {
        return "is not one of " + String.join(", ", words);
    }
}
