package postern.contract;

/**
 * Makes texts that match a pattern of the contract. It knows what occurs there: classes, groups,
 * and quantifiers; no alternatives and no escapes but {@code \d}, {@code \xHH} and punctuation.
 */
final class PatternText {

    /** What stands for any character that a negated class permits. */
    private static final String ALPHABET =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                    + " !#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\äßéЖ日本😀";

    private static final int MORE = 6;

    private final String pattern;
    private final Dice dice;
    private int at;

    private PatternText(String pattern, Dice dice) {
        this.pattern = pattern;
        this.dice = dice;
    }

    static String of(String pattern, Dice dice) {
        var parser = new PatternText(pattern.substring(1, pattern.length() - 1), dice);
        return parser.sequence(true);
    }

    /** Reads to the end or to a closing parenthesis. */
    private String sequence(boolean wanted) {
        var text = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != ')') {
            text.append(quantified(wanted));
        }
        return text.toString();
    }

    private String quantified(boolean wanted) {
        int start = at;
        atom(false);
        int end = at;
        int[] bounds = quantifier();
        int after = at;
        var text = new StringBuilder();
        if (wanted) {
            for (int left = dice.between(bounds[0], bounds[1]); left > 0; left--) {
                at = start;
                text.append(atom(true));
                if (at != end) {
                    throw new IllegalStateException(pattern + " at " + at);
                }
            }
        }
        at = after;
        return text.toString();
    }

    private String atom(boolean wanted) {
        char first = pattern.charAt(at++);
        if (first == '(') {
            if (pattern.startsWith("?:", at)) {
                at += 2;
            }
            var text = sequence(wanted);
            at++; // the closing parenthesis
            return text;
        }
        if (first == '[') {
            return characterClass(wanted);
        }
        if (first == '\\') {
            at--;
            char escaped = escape();
            return escaped == 'd' ? digit() : String.valueOf(escaped);
        }
        return String.valueOf(first);
    }

    private String digit() {
        return String.valueOf((char) dice.between('0', '9'));
    }

    private String characterClass(boolean wanted) {
        int start = at;
        while (pattern.charAt(at) != ']') {
            at += pattern.charAt(at) == '\\' ? 2 : 1;
        }
        var members = "[" + pattern.substring(start, at) + "]";
        at++;
        if (!wanted) {
            return "";
        }
        var choices =
                ALPHABET.codePoints()
                        .mapToObj(Character::toString)
                        .filter(it -> it.matches(members))
                        .toList();
        return dice.pick(choices);
    }

    private char escape() {
        char kind = pattern.charAt(at + 1);
        if (kind == 'x') {
            at += 4;
            return (char) Integer.parseInt(pattern.substring(at - 2, at), 16);
        }
        at += 2;
        return kind;
    }

    private int[] quantifier() {
        char kind = at < pattern.length() ? pattern.charAt(at) : 0;
        switch (kind) {
            case '?':
                at++;
                return new int[] {0, 1};
            case '*':
                at++;
                return new int[] {0, MORE};
            case '+':
                at++;
                return new int[] {1, MORE};
            case '{':
                int end = pattern.indexOf('}', at);
                var bounds = pattern.substring(at + 1, end).split(",");
                at = end + 1;
                int least = Integer.parseInt(bounds[0]);
                int most = bounds.length == 1 ? least : Integer.parseInt(bounds[1]);
                return new int[] {least, Math.min(most, least + MORE)};
            default:
                return new int[] {1, 1};
        }
    }
}
