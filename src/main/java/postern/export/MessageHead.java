package postern.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import postern.mime.header.HeaderText;

/** The beginning of a message, for the header fields that an archive needs. */
record MessageHead(byte[] octets) {

    /** Octets to read from the beginning of a message. */
    static final int OCTETS = 32 * 1024;

    private static final int LONGEST_VALUE = 2_000;
    private static final Pattern ADDRESS =
            Pattern.compile("[!#$%&'*+./0-9=?A-Z^_`a-z{|}~-]{1,64}@[0-9A-Za-z.-]{1,253}");

    /** The sender by Return-Path or else From; null if neither has an address. */
    @Nullable String sender() {
        var sender = address(value("return-path"));
        return sender != null ? sender : address(value("from"));
    }

    private static @Nullable String address(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        var text = new String(value, StandardCharsets.ISO_8859_1);
        var found = ADDRESS.matcher(text.substring(Math.max(0, text.lastIndexOf('<'))));
        return found.find() ? found.group() : null;
    }

    /** The subject; empty if there is none. */
    String subject() {
        var value = value("subject");
        return value == null ? "" : HeaderText.decode(value).strip();
    }

    private byte @Nullable [] value(String field) {
        var name = field.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < octets.length && octets[at] != '\n' && octets[at] != '\r'; ) {
            if (named(at, name)) {
                return value(at + name.length + 1);
            }
            at = lineAfter(at);
        }
        return null;
    }

    private boolean named(int at, byte[] name) {
        if (at + name.length >= octets.length || octets[at + name.length] != ':') {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            // lower-cases letters; a hyphen has this bit already
            if ((octets[at + i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int lineAfter(int at) {
        int end = at;
        while (end < octets.length && octets[end] != '\n') {
            end++;
        }
        return end + 1;
    }

    /** The unfolded value (RFC 5322 §2.2.3). */
    private byte[] value(int start) {
        var value = new ByteArrayOutputStream();
        for (int at = start; at < octets.length && value.size() < LONGEST_VALUE; at++) {
            byte octet = octets[at];
            if (octet == '\n') {
                if (at + 1 == octets.length || octets[at + 1] != ' ' && octets[at + 1] != '\t') {
                    break;
                }
            } else if (octet != '\r') {
                value.write(octet);
            }
        }
        return value.toByteArray();
    }
}
