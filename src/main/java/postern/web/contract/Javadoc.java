package postern.web.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Javadoc comment as the contract has it: Markdown, each paragraph and each item of a list in one
 * line.
 *
 * <p>An annotation processor of the build keeps the comments of our classes as JSON files beside
 * the class files. A class that was compiled without it has no comments.
 *
 * @param text what stands before the first block tag, by paragraph
 * @param parameters the text of each {@code @param}
 */
record Javadoc(List<String> text, Map<String, String> parameters) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern BLOCK_TAG = Pattern.compile("(?m)^\\s*(?=@\\w)");
    private static final Pattern PARAM = Pattern.compile("(?s)@param\\s+(\\S+)\\s+(.+)");
    private static final Pattern PARAGRAPH = Pattern.compile("\\n\\s*\\n");
    private static final Pattern LINE_BREAK = Pattern.compile("\\n(?!- )");

    static Javadoc of(Class<?> type) {
        return parse(file(type).doc());
    }

    static Javadoc of(Method method) {
        return file(method.getDeclaringClass()).methods().stream()
                .filter(it -> Objects.equals(it.name(), method.getName()))
                .findFirst()
                .map(it -> parse(it.doc()))
                .orElseGet(() -> parse(""));
    }

    /** The whole text; empty if there is none. */
    Optional<String> description() {
        return text.isEmpty() ? Optional.empty() : Optional.of(String.join("\n\n", text));
    }

    static Javadoc parse(String comment) {
        var blocks = BLOCK_TAG.split(comment);
        var parameters = new LinkedHashMap<String, String>();
        for (var block : blocks) {
            var param = PARAM.matcher(block);
            if (param.matches()) {
                parameters.put(param.group(1), String.join("\n\n", paragraphs(param.group(2))));
            }
        }
        return new Javadoc(
                blocks[0].startsWith("@") ? List.of() : paragraphs(blocks[0]), parameters);
    }

    private static List<String> paragraphs(String text) {
        return PARAGRAPH
                .splitAsStream(text)
                .map(paragraph ->
                        paragraph.lines().map(String::strip).collect(Collectors.joining("\n")))
                .map(String::strip)
                .map(paragraph -> LINE_BREAK.matcher(paragraph).replaceAll(" "))
                .filter(paragraph -> !paragraph.isEmpty())
                .toList();
    }

    private static ClassFile file(Class<?> type) {
        var name = type.getName().substring(type.getPackageName().length() + 1);
        try (var json = type.getResourceAsStream(name + "__Javadoc.json")) {
            return json == null ? ClassFile.EMPTY : JSON.readValue(json, ClassFile.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record ClassFile(String doc, List<MethodComment> methods) {
        private static final ClassFile EMPTY = new ClassFile("", List.of());
    }

    private record MethodComment(String name, String doc) {}
}
