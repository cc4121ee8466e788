package postern.imap;

import java.util.TreeSet;

/**
 * A user's rights on a mailbox (RFC 4314 §2.1). The methods also understand the rights {@code c}
 * and {@code d} of older servers, which RFC 4314 has split (§2.1.1).
 *
 * @param letters each once, the standard ones first and in the order of the RFC
 */
public record Rights(String letters) {

    private static final String STANDARD = "lrswipkxtecda";

    /**
     * Throws IllegalArgumentException for a character that is neither a lower-case letter nor a
     * digit.
     */
    public Rights {
        var sorted = new TreeSet<Character>(Rights::compare);
        for (char letter : letters.toCharArray()) {
            if ((letter < 'a' || letter > 'z') && (letter < '0' || letter > '9')) {
                throw new IllegalArgumentException("a right is a lower-case letter or a digit");
            }
            sorted.add(letter);
        }
        var canonical = new StringBuilder();
        sorted.forEach(canonical::append);
        letters = canonical.toString();
    }

    private static int compare(char a, char b) {
        int place = Integer.compare(place(a), place(b));
        return place != 0 ? place : Character.compare(a, b);
    }

    private static int place(char letter) {
        int place = STANDARD.indexOf(letter);
        return place < 0 ? STANDARD.length() : place;
    }

    public boolean has(char letter) {
        return letters.indexOf(letter) >= 0;
    }

    public boolean read() {
        return has('r');
    }

    public boolean insert() {
        return has('i');
    }

    /** May mark messages {@code \Deleted} and expunge them. */
    public boolean removeMessages() {
        return has('t') && has('e') || old() && has('d');
    }

    public boolean setSeen() {
        return has('s');
    }

    public boolean setFlags() {
        return has('w');
    }

    public boolean createChild() {
        return has('k') || old() && has('c');
    }

    /** May delete or rename the mailbox. */
    public boolean deleteMailbox() {
        return has('x') || old() && has('c');
    }

    /** May read and change the access control list. */
    public boolean administer() {
        return has('a');
    }

    /** Whether these are rights of RFC 2086, which has none of the later letters. */
    private boolean old() {
        return !has('k') && !has('x') && !has('t') && !has('e');
    }

    @Override
    public String toString() {
        return letters;
    }
}
