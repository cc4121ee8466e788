package postern.samplemail;

import java.util.stream.Stream;

/** The kinds of sample messages, with their frequency per thousand. */
public enum SampleKind {
    PLAIN(190),
    FLOWED(30),
    ALTERNATIVE(320),
    HTML(80),
    RELATED(60),
    MIXED(110),
    MIXED_RELATED(55),
    FORWARDED(30),
    CALENDAR(20),
    REPORT(15),
    SIGNED(15),
    DIGEST(8),
    DEEP(5),
    NO_MIME(6),
    RAW_EIGHT_BIT_HEADER(6),
    SPLIT_ENCODED_WORD(4),
    LONG_HEADERS(3),
    NO_DATE(4),
    BAD_ADDRESS(6),
    GROUP_ADDRESS(5),
    WRONG_CHARSET(5),
    UNKNOWN_CHARSET(4),
    FILE_NAME(8),
    UNCLOSED_MULTIPART(4),
    BAD_BASE64(3),
    EMPTY(4);

    private static final int TOTAL = Stream.of(values()).mapToInt(kind -> kind.perMille).sum();

    private final int perMille;

    SampleKind(int perMille) {
        this.perMille = perMille;
    }

    /** Whether it violates the standards. */
    public boolean malformed() {
        return switch (this) {
            case RAW_EIGHT_BIT_HEADER,
                    SPLIT_ENCODED_WORD,
                    NO_DATE,
                    BAD_ADDRESS,
                    WRONG_CHARSET,
                    UNKNOWN_CHARSET,
                    FILE_NAME,
                    UNCLOSED_MULTIPART,
                    BAD_BASE64 ->
                    true;
            default -> false;
        };
    }

    static SampleKind roll(SeededRandom dice) {
        int left = dice.between(0, TOTAL - 1);
        for (var kind : values()) {
            left -= kind.perMille;
            if (left < 0) {
                return kind;
            }
        }
        throw new AssertionError(left);
    }
}
