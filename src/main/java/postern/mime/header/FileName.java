package postern.mime.header;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import postern.wordlist.WordList;

/** Makes a file name for a part that is safe to show and to save on any system. */
public final class FileName {

    private static final int MOST_OCTETS = 200;
    private static final int LONGEST_EXTENSION = 16;

    // Bounds the time of normalising, which is not linear in the number of combining marks.
    private static final int MOST_CHARACTERS = 1000;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    // Windows reserves these for devices, with any extension.
    private static final Set<String> DEVICES =
            Set.of(
                    "con", "prn", "aux", "nul", "conin$", "conout$", "clock$", "com0", "com1",
                    "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "com¹", "com²",
                    "com³", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8",
                    "lpt9", "lpt¹", "lpt²", "lpt³");

    private static final WordList FILE_TYPES = WordList.read(FileName.class, "file-types.txt");

    private static final Map<String, String> UNNAMED =
            FILE_TYPES.pairs("unnamed", Function.identity());

    private static final Map<String, String> EXTENSIONS =
            FILE_TYPES.pairs("extensions", Function.identity());

    private static final Map<String, String> TYPES = FILE_TYPES.pairs("types", Function.identity());

    /** Further known extensions: a name that ends in one was not truncated. */
    private static final Set<String> OTHER_EXTENSIONS =
            Set.copyOf(FILE_TYPES.words("other-extensions"));

    private FileName() {}

    /**
     * The declared name made safe, or a name derived from the media type if nothing is left of it.
     */
    public static String of(@Nullable String declared, String mediaType) {
        var name = declared == null ? "" : safe(unquoted(declared));
        var type = mediaType.strip().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? unnamed(type) : withExtension(name, type);
    }

    /** Adds an extension if there is none: without one the file does not open. */
    private static String withExtension(String name, String mediaType) {
        var extension = EXTENSIONS.get(mediaType);
        return name.indexOf('.') >= 0 || extension == null || mediaType.startsWith("text/")
                ? name
                : boundedOctets(name + "." + extension);
    }

    /** Removes surrounding quotation marks that the parser left. */
    private static String unquoted(String name) {
        var bare = name.strip();
        if (bare.length() > 2 && bare.startsWith("'") && bare.endsWith("'")) {
            return bare.substring(1, bare.length() - 1);
        }
        return bare.startsWith("\"") ? bare.substring(1) : bare;
    }

    /** The usual media type of a file with this name; null if unknown. */
    public static @Nullable String typeOf(String name) {
        return TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a name looks truncated: it has no known extension, or is a path without its
     * separators.
     */
    public static boolean looksCut(String name) {
        return name.indexOf('.') < 0 || !known(name) || name.indexOf(':') >= 0;
    }

    private static boolean known(String name) {
        var extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.containsKey(extension) || OTHER_EXTENSIONS.contains(extension);
    }

    private static String unnamed(String mediaType) {
        var name = UNNAMED.get(mediaType);
        return name != null ? name : "attachment." + EXTENSIONS.getOrDefault(mediaType, "bin");
    }

    private static String safe(String declared) {
        var characters = bounded(lastSegment(declared), MOST_CHARACTERS);
        var name = trimmed(cleaned(Normalizer.normalize(characters, Normalizer.Form.NFC)));
        int dot = name.indexOf('.');
        var stem = dot < 0 ? name : name.substring(0, dot);
        if (DEVICES.contains(stem.strip().toLowerCase(Locale.ROOT))) {
            name = "_" + name;
        }
        return boundedOctets(name);
    }

    // RFC 6266 section 4.3: only the last segment of a path counts.
    private static String lastSegment(String declared) {
        int end = declared.length();
        while (end > 0 && isSeparator(declared.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && !isSeparator(declared.charAt(start - 1))) {
            start--;
        }
        return declared.substring(start, end);
    }

    private static boolean isSeparator(char c) {
        return c == '/' || c == '\\';
    }

    private static String cleaned(String name) {
        var cleaned = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            append(cleaned, c);
        }
        return cleaned.toString();
    }

    private static void append(StringBuilder cleaned, int c) {
        switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    appendSpace(cleaned);
            case Character.CONTROL -> {
                if (c == '\t' || c == '\n' || c == '\r') {
                    appendSpace(cleaned);
                }
            }
            case Character.FORMAT -> {
                // Persian, Hindi and emoji need the joiners; every other format character can hide
                // something, such as U+202E in "invoice<RLO>fdp.exe".
                if (c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER) {
                    cleaned.appendCodePoint(c);
                }
            }
            case Character.SURROGATE, Character.UNASSIGNED -> {}
            default -> cleaned.appendCodePoint("<>:\"|?*/\\".indexOf(c) < 0 ? c : '_');
        }
    }

    private static void appendSpace(StringBuilder cleaned) {
        if (!cleaned.isEmpty() && cleaned.charAt(cleaned.length() - 1) != ' ') {
            cleaned.append(' ');
        }
    }

    /** Strips dots at both ends: they hide a file on one system and are dropped by another. */
    private static String trimmed(String name) {
        int start = 0;
        while (start < name.length() && isDotOrSpace(name.charAt(start))) {
            start++;
        }
        return name.substring(start, trimmedEnd(name, start));
    }

    private static int trimmedEnd(String name, int start) {
        int end = name.length();
        while (end > start && isDotOrSpace(name.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isDotOrSpace(char c) {
        return c == '.' || c == ' ';
    }

    private static String bounded(String name, int most) {
        return name.length() <= most
                ? name
                : name.substring(0, most - LONGEST_EXTENSION) + extension(name);
    }

    private static String boundedOctets(String name) {
        if (octets(name) <= MOST_OCTETS) {
            return name;
        }
        var extension = extension(name);
        int left = MOST_OCTETS - octets(extension);
        int end = 0;
        while (end < name.length()) {
            int c = name.codePointAt(end);
            left -= octets(c);
            if (left < 0) {
                break;
            }
            end += Character.charCount(c);
        }
        return name.substring(0, trimmedEnd(name.substring(0, end), 0)) + extension;
    }

    /** The extension with its dot; empty if there is none. */
    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        boolean extension =
                dot > 0
                        && name.length() - dot <= LONGEST_EXTENSION
                        && name.chars().skip(dot + 1L).allMatch(c -> c > ' ' && c < 0x7F);
        return extension ? name.substring(dot) : "";
    }

    private static int octets(String name) {
        return name.codePoints().map(FileName::octets).sum();
    }

    private static int octets(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
}
