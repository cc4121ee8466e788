package postern.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.MediaType;
import postern.mime.header.MimeParameters;

/**
 * Parses the MIME structure of a message (RFC 2046) if the mail server does not. One pass over the
 * lines suffices, unless the boundary that a header declares does not occur: a second pass then
 * uses the delimiter-like line that precedes a part's header.
 */
public final class MimeTree {

    /** Dovecot stops at 100 levels. */
    private static final int DEEPEST = 100;

    /** Upper bound on the parts of a message; more are an attack or an accident. */
    private static final int MOST_PARTS = 1_000;

    private static final int LONGEST_HEADER = 64 << 10;

    /** Upper bound on the octets of all headers together. */
    private static final int MOST_HEADER_OCTETS = 1 << 20;

    /** Upper bound on the octets of a boundary; RFC 2046 section 5.1.1 allows 70. */
    private static final int LONGEST_BOUNDARY = 250;

    private static final int MOST_PASSES = 4;

    private final byte[] octets;
    private final boolean complete;

    /** Start offsets of the multiparts whose declared boundary does not occur. */
    private final Set<Integer> undelimited;

    private final List<Open> stack = new ArrayList<>();

    /** The number of open multiparts by boundary. */
    private final Map<String, Integer> boundaries = new HashMap<>();

    /** End of the previous line, without its line terminator. */
    private int lineEnd;

    private int parts;
    private int headerOctets;
    private boolean cut;
    private @Nullable MimeEntity root;

    /**
     * @param root the whole message
     * @param complete whether {@code root} contains all parts
     */
    public record Read(MimeEntity root, boolean complete) {}

    private MimeTree(byte[] octets, boolean complete, Set<Integer> undelimited) {
        this.octets = octets;
        this.complete = complete;
        this.undelimited = undelimited;
    }

    /**
     * Never throws.
     *
     * @param complete whether the octets are the whole message and not just its beginning
     */
    public static Read read(byte[] octets, boolean complete) {
        var undelimited = new HashSet<Integer>();
        for (int pass = 1; ; pass++) {
            var tree = new MimeTree(octets, complete, Set.copyOf(undelimited));
            var root = tree.read();
            boolean more = addUndelimited(root, undelimited);
            if (!more || pass == MOST_PASSES) {
                return new Read(root, complete && !tree.cut);
            }
        }
    }

    private static boolean addUndelimited(MimeEntity entity, Set<Integer> starts) {
        boolean more = false;
        if (entity.type().startsWith("multipart/") && entity.parts().isEmpty()) {
            more = starts.add(entity.start());
        }
        for (var part : entity.parts()) {
            more |= addUndelimited(part, starts);
        }
        return more;
    }

    private MimeEntity read() {
        stack.add(new Open(0, ""));
        for (int at = 0; at < octets.length; ) {
            int next = at;
            while (next < octets.length && octets[next] != '\n') {
                next++;
            }
            int end =
                    next > at && next < octets.length && octets[next - 1] == '\r' ? next - 1 : next;
            next = Math.min(octets.length, next + 1);
            line(at, end, next);
            lineEnd = end;
            at = next;
        }
        close(0, octets.length, octets.length, complete);
        return Objects.requireNonNull(root);
    }

    private void line(int at, int end, int next) {
        if (!cut && end - at > 2 && octets[at] == '-' && octets[at + 1] == '-') {
            var text = delimiter(at + 2, end);
            if (text != null && delimits(text, at, next)) {
                return;
            }
        }
        var top = stack.getLast();
        if (top.inHeader) {
            headerLine(top, at, end, next);
        } else if (top.undelimited) {
            guess(top, at, end);
        }
    }

    /** The text after the two hyphens; null if it cannot be a boundary. */
    private @Nullable String delimiter(int from, int end) {
        int to = end;
        while (to > from && octets[to - 1] >= 0 && octets[to - 1] <= ' ') {
            to--;
        }
        return to == from || to - from > LONGEST_BOUNDARY
                ? null
                : new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private boolean delimits(String text, int at, int next) {
        if (boundaries.containsKey(text)) {
            int multipart = innermost(text);
            close(multipart + 1, at, lineEnd, true);
            part(stack.get(multipart), next);
            return true;
        }
        var last = text.endsWith("--") ? text.substring(0, text.length() - 2) : "";
        if (!boundaries.containsKey(last)) {
            return false;
        }
        int multipart = innermost(last);
        close(multipart + 1, at, lineEnd, true);
        forget(stack.get(multipart));
        return true;
    }

    private int innermost(String boundary) {
        int multipart = stack.size() - 1;
        while (!boundary.equals(stack.get(multipart).boundary)) {
            multipart--;
        }
        return multipart;
    }

    private void part(Open multipart, int start) {
        if (++parts > MOST_PARTS) {
            cut = true;
            return;
        }
        stack.add(
                new Open(start, multipart.type.equals("multipart/digest") ? "message/rfc822" : ""));
    }

    private void headerLine(Open top, int at, int end, int next) {
        if (at == end) {
            endHeader(top, next, true);
            return;
        }
        boolean goesOn = octets[at] == ' ' || octets[at] == '\t';
        if (top.start == 0 || goesOn || field(at, end) || at == top.start && postmark(at, end)) {
            int room =
                    Math.min(LONGEST_HEADER - top.header.size(), MOST_HEADER_OCTETS - headerOctets);
            int taken = Math.max(0, Math.min(room, next - at));
            top.header.write(octets, at, taken);
            headerOctets += taken;
            return;
        }
        // The empty line after the header is missing.
        endHeader(top, at, true);
        line(at, end, next);
    }

    private boolean field(int at, int end) {
        int colon = at;
        while (colon < end && octets[colon] > ' ' && octets[colon] != ':') {
            colon++;
        }
        int name = colon;
        while (colon < end && (octets[colon] == ' ' || octets[colon] == '\t')) {
            colon++;
        }
        return name > at && colon < end && octets[colon] == ':';
    }

    /** Whether the line is the "From " separator of an mbox. */
    private boolean postmark(int at, int end) {
        int from = octets[at] == '>' ? at + 1 : at;
        return end - from > 5
                && new String(octets, from, 5, StandardCharsets.ISO_8859_1).equals("From ");
    }

    /**
     * @param descend whether an embedded message is parsed
     */
    private void endHeader(Open top, int body, boolean descend) {
        top.inHeader = false;
        top.body = body;
        var header = top.header.toByteArray();
        var contentType = value(header, "content-type");
        var meant = contentType == null ? top.type : MediaType.meant(contentType);
        top.type = meant == null ? "" : meant;
        if (top.type.startsWith("multipart/")) {
            top.multipart = stack.size() < DEEPEST;
            top.undelimited = top.multipart && undelimited.contains(top.start);
            cut |= !top.multipart;
            remember(top, contentType == null ? null : boundary(contentType));
        } else if (descend && holdsMessage(top.type) && !encoded(header)) {
            if (stack.size() < DEEPEST) {
                stack.add(new Open(body, ""));
            } else {
                cut = true;
            }
        }
    }

    private static boolean holdsMessage(String type) {
        return type.equals("message/rfc822") || type.equals("message/global");
    }

    private static boolean encoded(byte[] header) {
        var encoding = value(header, "content-transfer-encoding");
        return encoding != null
                && TransferEncoding.of(new String(encoding, StandardCharsets.ISO_8859_1))
                        != TransferEncoding.IDENTITY;
    }

    /**
     * The boundary parameter; parsed leniently, since a missing closing quote would make the rest
     * of the header part of it.
     */
    private static @Nullable String boundary(byte[] contentType) {
        var told = MimeParameters.decode(MediaType.parametersOf(contentType)).get("boundary");
        if (told == null) {
            return null;
        }
        var line = told.strip().split("[\r\n]", 2)[0];
        var boundary = (line.startsWith("\"") ? line.substring(1) : line).stripTrailing();
        return boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY ? null : boundary;
    }

    private void remember(Open multipart, @Nullable String boundary) {
        if (multipart.multipart && boundary != null) {
            multipart.boundary = boundary;
            boundaries.merge(boundary, 1, Integer::sum);
        }
    }

    private void forget(Open multipart) {
        var boundary = multipart.boundary;
        multipart.boundary = null;
        multipart.undelimited = false;
        if (boundary != null) {
            boundaries.computeIfPresent(boundary, (_, open) -> open == 1 ? null : open - 1);
        }
    }

    /** Takes a line that looks like a delimiter and precedes a part's header as the delimiter. */
    private void guess(Open multipart, int at, int end) {
        var candidate = multipart.candidate;
        if (candidate != null && contentField(at, end)) {
            forget(multipart);
            remember(multipart, candidate);
            part(multipart, at);
            if (!cut) {
                headerLine(stack.getLast(), at, end, nextLine(end));
            }
            return;
        }
        boolean delimiter = end - at > 2 && octets[at] == '-' && octets[at + 1] == '-';
        multipart.candidate = delimiter ? delimiter(at + 2, end) : null;
    }

    private int nextLine(int end) {
        int next = end;
        while (next < octets.length && octets[next] != '\n') {
            next++;
        }
        return Math.min(octets.length, next + 1);
    }

    private boolean contentField(int at, int end) {
        return field(at, end)
                && end - at > 8
                && new String(octets, at, 8, StandardCharsets.ISO_8859_1)
                        .equalsIgnoreCase("content-");
    }

    /**
     * Closes all open entities from this level on.
     *
     * @param at start of the line that closes them
     * @param end end of the line before
     */
    private void close(int level, int at, int end, boolean whole) {
        while (stack.size() > level) {
            var last = stack.getLast();
            if (last.inHeader) {
                endHeader(last, at, false);
            }
            stack.removeLast();
            forget(last);
            // If the body is empty, the end of the line before it is less than its start.
            int within = last.parts.isEmpty() ? last.body : last.parts.getLast().end();
            var entity =
                    new MimeEntity(
                            last.start,
                            last.body,
                            Math.max(within, end),
                            last.header.toByteArray(),
                            last.type,
                            List.copyOf(last.parts),
                            whole);
            if (stack.isEmpty()) {
                root = entity;
            } else {
                stack.getLast().parts.add(entity);
            }
        }
    }

    /** The value of the first field with that name, still folded; null if there is none. */
    private static byte @Nullable [] value(byte[] header, String name) {
        for (int at = 0; at < header.length; ) {
            int end = at;
            do {
                while (end < header.length && header[end] != '\n') {
                    end++;
                }
                end = Math.min(header.length, end + 1);
            } while (end < header.length && (header[end] == ' ' || header[end] == '\t'));
            if (named(header, at, end, name)) {
                int colon = at + name.length();
                while (header[colon] != ':') {
                    colon++;
                }
                return Arrays.copyOfRange(header, colon + 1, end);
            }
            at = end;
        }
        return null;
    }

    private static boolean named(byte[] header, int at, int end, String name) {
        int to = at + name.length();
        if (to >= end
                || !new String(header, at, name.length(), StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT)
                        .equals(name)) {
            return false;
        }
        while (to < end && (header[to] == ' ' || header[to] == '\t')) {
            to++;
        }
        return to < end && header[to] == ':';
    }

    /** An entity whose end has not been seen yet. */
    private static final class Open {
        final int start;
        final ByteArrayOutputStream header = new ByteArrayOutputStream(0);
        final List<MimeEntity> parts = new ArrayList<>();
        int body;
        boolean inHeader = true;
        boolean multipart;
        boolean undelimited;
        String type;
        @Nullable String boundary;
        @Nullable String candidate;

        /**
         * @param type the default if its header has no Content-Type
         */
        Open(int start, String type) {
            this.start = start;
            this.type = type;
        }
    }
}
