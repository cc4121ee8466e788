package postern.mime.text;

/** Detects text without a visible character: white space, fillers and invisible signs only. */
public final class BlankText {

    private static final String SPACE_ENTITY = "&nbsp;";

    private BlankText() {}

    /** Whether no character of it is visible. */
    public static boolean is(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '&' && text.startsWith(SPACE_ENTITY, i)) {
                i += SPACE_ENTITY.length();
            } else if (unseen(c)) {
                i += Character.charCount(c);
            } else {
                return false;
            }
        }
        return true;
    }

    /** White space, control characters, and characters without a glyph. */
    public static boolean unseen(int c) {
        if (c < 0x80) {
            return c <= ' ' || c == 0x7F;
        }
        return switch (c) {
            // Fillers: combining grapheme joiner, Hangul, Khmer, Mongolian, Braille.
            case 0x034F,
                    0x115F,
                    0x1160,
                    0x17B4,
                    0x17B5,
                    0x180B,
                    0x180C,
                    0x180D,
                    0x3164,
                    0xFFA0,
                    0x2800 ->
                    true;
            default ->
                    Character.isSpaceChar(c)
                            || Character.getType(c) == Character.CONTROL
                            || Character.getType(c) == Character.FORMAT
                            || c >= 0xFE00 && c <= 0xFE0F;
        };
    }
}
