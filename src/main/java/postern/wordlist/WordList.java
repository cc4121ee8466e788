package postern.wordlist;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A resource file beside the class that uses it: UTF-8; {@code #} at the beginning of a line or
 * after a space begins a comment; {@code [name]} begins a section. A file that is missing or wrong
 * is an IllegalStateException.
 */
public final class WordList {

    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)#.*");
    private static final Pattern SECTION = Pattern.compile("\\[([a-z-]+)\\]");

    private final String file;
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    private WordList(String file, Stream<String> lines) {
        this.file = file;
        var lists = new ArrayList<List<String>>();
        lines.map(line -> COMMENT.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    var section = SECTION.matcher(line);
                    if (section.matches()) {
                        lists.add(begin(section.group(1)));
                    } else if (lists.isEmpty()) {
                        throw wrong("an entry before the first section");
                    } else {
                        lists.getLast().add(line);
                    }
                });
    }

    private List<String> begin(String section) {
        var entries = new ArrayList<String>();
        if (sections.put(section, entries) != null) {
            throw wrong("a second section [%s]".formatted(section));
        }
        return entries;
    }

    /** Reads the file beside this class. */
    public static WordList read(Class<?> owner, String file) {
        try (var resource = Objects.requireNonNull(owner.getResourceAsStream(file), file);
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        resource, StandardCharsets.UTF_8.newDecoder()))) {
            return new WordList(file, lines.lines());
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** The lines of a section, in order. */
    public List<String> lines(String section) {
        var lines = sections.get(section);
        if (lines == null || lines.isEmpty()) {
            throw wrong("no section [%s]".formatted(section));
        }
        return List.copyOf(lines);
    }

    /** The words of a section whose lines have several, separated by commas. */
    public List<String> words(String section) {
        return lines(section).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .toList();
    }

    /** The entries of a section whose lines are {@code key = value}. */
    public <V> Map<String, V> pairs(String section, Function<String, V> value) {
        var pairs = new LinkedHashMap<String, V>();
        for (var line : lines(section)) {
            var sides = line.split("\\s+=\\s+", 2);
            if (sides.length < 2 || pairs.put(sides[0], value.apply(sides[1])) != null) {
                throw wrong(line);
            }
        }
        return Map.copyOf(pairs);
    }

    private IllegalStateException wrong(String detail) {
        return new IllegalStateException(file + ": " + detail);
    }
}
