package postern.mime.header;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import postern.wordlist.WordList;

/** The prefixes of subjects of replies and forwarded messages, in many languages. */
public enum SubjectPrefixes {
    REPLY("reply"),
    FORWARD("forward"),
    ANY("reply", "forward");

    private static final String SPACE = "[\\s\u00a0\u202f]*+";

    private final Pattern pattern;

    SubjectPrefixes(String... kinds) {
        var words =
                Stream.of(kinds)
                        .flatMap(kind -> Words.LIST.words(kind).stream())
                        .map(Pattern::quote);
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

    // The constants of an enum are made before its other static fields.
    private static final class Words {

        static final WordList LIST = WordList.read(SubjectPrefixes.class, "subject-prefixes.txt");
    }
}
