package postern.imap.client.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/**
 * Builds a command from validated values: no value can end the line or start another command. The
 * line is split wherever a literal needs the server's continuation request.
 */
public final class CommandLine {

    private static final int LONGEST_QUOTED = 1_000;

    private final Capabilities capabilities;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream(128);
    private final List<Integer> stops = new ArrayList<>();
    private UidSet uids = UidSet.EMPTY;
    private boolean literalAtOnce;
    private Charset charset = StandardCharsets.UTF_8;

    public CommandLine(Capabilities capabilities) {
        this.capabilities = capabilities;
    }

    /** The capabilities of the server that the command is for. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Writes fixed words and numbers; throws IllegalArgumentException for anything that is not
     * printable ASCII.
     */
    public CommandLine words(String words) {
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                throw new IllegalArgumentException("a command word is not printable ASCII");
            }
            octets.write(c);
        }
        return this;
    }

    /** Starts a UID command. */
    public CommandLine uid(String verb, UidSet uids) {
        this.uids = uids;
        return words("UID " + verb + " " + uids);
    }

    /** The UIDs of a UID command; they may include messages that the connection has not seen. */
    public UidSet uids() {
        return uids;
    }

    public CommandLine space() {
        octets.write(' ');
        return this;
    }

    /** Sets the charset of the following texts, if not UTF-8; ASCII is encoded as itself. */
    public CommandLine texts(Charset charset) {
        this.charset = charset;
        return this;
    }

    /** Writes text as a quoted string, or as a literal. */
    public CommandLine string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new ImapException.NotPossible("IMAP cannot express text with a NUL", null);
        }
        boolean quotable =
                text.length() <= LONGEST_QUOTED
                        && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
        return quotable ? quoted(text) : literal(text.getBytes(charset));
    }

    public CommandLine mailbox(MailboxName name) {
        if (!name.located()) {
            throw new IllegalArgumentException("the name of the mailbox is not known");
        }
        var wire = name.wire();
        boolean quotable =
                wire.length() <= LONGEST_QUOTED
                        && wire.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
        return quotable ? quoted(wire) : literal(wire.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Writes a parenthesised list; throws IllegalArgumentException for a flag that a client may not
     * send.
     */
    public CommandLine flags(Collection<Flag> flags) {
        for (var flag : flags) {
            if (!flag.storable()) {
                throw new IllegalArgumentException("a flag that cannot be stored");
            }
        }
        return words(
                flags.stream().map(Flag::name).sorted().collect(Collectors.joining(" ", "(", ")")));
    }

    /** Announces a literal after this line; the literal's octets are not part of the line. */
    public CommandLine literalHead(long length) {
        boolean atOnce =
                capabilities.literalPlus() || capabilities.literalMinus() && length <= 4_096;
        words("{%d%s}".formatted(length, atOnce ? "+" : ""));
        lineEnd();
        literalAtOnce |= atOnce;
        if (!atOnce) {
            stops.add(octets.size());
        }
        return this;
    }

    CommandLine lineEnd() {
        octets.write('\r');
        octets.write('\n');
        return this;
    }

    public byte[] octets() {
        return octets.toByteArray();
    }

    /** Whether it has a non-synchronizing literal (RFC 7888). */
    public boolean sendsLiteralAtOnce() {
        return literalAtOnce;
    }

    /** The offsets at which to wait for the server's continuation request. */
    public List<Integer> stops() {
        return stops;
    }

    private CommandLine quoted(String text) {
        octets.write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                octets.write('\\');
            }
            octets.write(c);
        }
        octets.write('"');
        return this;
    }

    private CommandLine literal(byte[] value) {
        literalHead(value.length);
        octets.writeBytes(value);
        return this;
    }
}
