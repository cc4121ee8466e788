package postern.mime.header;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The prefixes of subjects of replies and forwarded messages, in many languages. */
public enum SubjectPrefixes {
    REPLY("reply"),
    FORWARD("forward"),
    ANY("reply", "forward");

    private static final String SPACE = "[\\s\u00a0\u202f]*+";

    private final Pattern pattern;

    SubjectPrefixes(String... kinds) {
        var words = Stream.of(kinds).flatMap(Words::of).map(Pattern::quote);
        // RE[2]: and RE(2): contain a count, Re [list]: a name, Re : is French, and a full-width
        // colon is Chinese.
        pattern =
                Pattern.compile(
                        "\\G"
                                + SPACE
                                + words.collect(Collectors.joining("|", "(?:", ")"))
                                + SPACE
                                + "(?:\\[[^\\[\\]]{0,80}+\\]|\\(\\d{1,4}\\)|\\^\\d{1,4})?+"
                                + SPACE
                                + "[:\uff1a]",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** The subject without its prefixes. */
    public String removed(String subject) {
        var prefixes = pattern.matcher(subject);
        int start = 0;
        while (prefixes.find()) {
            start = prefixes.end();
        }
        return subject.substring(start).strip();
    }

    private static final class Words {

        private static final String FILE = "subject-prefixes.txt";

        static Stream<String> of(String kind) {
            try (var file = Objects.requireNonNull(Words.class.getResourceAsStream(FILE), FILE);
                    var lines =
                            new BufferedReader(
                                    new InputStreamReader(file, StandardCharsets.UTF_8))) {
                return lines
                        .lines()
                        .filter(line -> line.startsWith(kind + " "))
                        .flatMap(line -> Stream.of(line.split("\\s+")).skip(1))
                        .toList()
                        .stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
