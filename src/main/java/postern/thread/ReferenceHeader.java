package postern.thread;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;

/** The hashed Message-ID, In-Reply-To and References of a message (RFC 5322 §3.6.4). */
final class ReferenceHeader {

    /** The section to fetch; longer headers, which no mail program writes, are cut. */
    static final SectionRange SECTION =
            SectionRange.first(
                    Section.headerFields("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES"), 8_192);

    static final ReferenceHeader EMPTY = new ReferenceHeader(MessageIdHash.NONE);

    /**
     * Of a long chain the first ids are kept, which all messages of the thread share, and the last
     * ones.
     */
    private static final int FIRST = 2;

    private static final int MOST = 32;

    private final long messageId;
    private final long[] references;

    /**
     * @param messageId {@link MessageIdHash#NONE} when it has none
     * @param references the nearest one last
     */
    ReferenceHeader(long messageId, long... references) {
        this.messageId = messageId;
        this.references = references;
    }

    static ReferenceHeader parse(byte @Nullable [] header) {
        if (header == null) {
            return EMPTY;
        }
        var ids = new Ids(header);
        return new ReferenceHeader(ids.messageId, ids.references());
    }

    /**
     * For servers with thread ids: the hashed thread id takes the place of the Message-ID, so that
     * all messages of a thread have the same one.
     */
    static ReferenceHeader of(@Nullable String threadId) {
        return threadId == null ? EMPTY : new ReferenceHeader(MessageIdHash.of(threadId));
    }

    long messageId() {
        return messageId;
    }

    /** The references, the nearest one last. */
    long[] references() {
        return references;
    }

    /** Parses a header in one pass, without creating strings of it. */
    private static final class Ids {

        private final byte[] header;
        private final Chain chain = new Chain();
        private long messageId = MessageIdHash.NONE;
        private long answered = MessageIdHash.NONE;

        Ids(byte[] header) {
            this.header = header;
            int start = 0;
            while (start < header.length) {
                int end = endOfField(start);
                field(start, end);
                start = end;
            }
        }

        /** The index after the line end that no folded line follows. */
        private int endOfField(int start) {
            int end = start;
            do {
                while (end < header.length && header[end] != '\n') {
                    end++;
                }
                end = Math.min(header.length, end + 1);
            } while (end < header.length && (header[end] == ' ' || header[end] == '\t'));
            return end;
        }

        private void field(int start, int end) {
            int colon = start;
            while (colon < end && header[colon] != ':') {
                colon++;
            }
            if (colon == end) {
                return;
            }
            switch (name(start, colon)) {
                case "message-id" -> {
                    if (messageId == MessageIdHash.NONE) {
                        messageId = ownId(colon + 1, end);
                    }
                }
                case "in-reply-to" -> {
                    if (answered == MessageIdHash.NONE) {
                        answered = firstId(colon + 1, end);
                    }
                }
                case "references" -> references(colon + 1, end);
                default -> {}
            }
        }

        private String name(int start, int end) {
            return new String(header, start, end - start, StandardCharsets.ISO_8859_1)
                    .strip()
                    .toLowerCase(Locale.ROOT);
        }

        /** A Message-ID without angle brackets is accepted too. */
        private long ownId(int from, int to) {
            long id = firstId(from, to);
            return id == MessageIdHash.NONE ? MessageIdHash.of(header, from, to) : id;
        }

        private long firstId(int from, int to) {
            int open = bracket('<', from, to);
            int close = bracket('>', open, to);
            return close < to ? MessageIdHash.of(header, open + 1, close) : MessageIdHash.NONE;
        }

        private void references(int from, int to) {
            int open = bracket('<', from, to);
            while (open < to) {
                int close = bracket('>', open, to);
                if (close < to) {
                    chain.add(MessageIdHash.of(header, open + 1, close));
                }
                open = bracket('<', close, to);
            }
        }

        private int bracket(char bracket, int from, int to) {
            int at = from;
            while (at < to && header[at] != bracket) {
                at++;
            }
            return at;
        }

        /**
         * The id of In-Reply-To comes first, as the most distant one: it may name other messages
         * than the one answered.
         */
        long[] references() {
            var references = chain.all();
            if (answered == MessageIdHash.NONE
                    || Arrays.stream(references).anyMatch(id -> id == answered)) {
                return references;
            }
            var all = new long[references.length + 1];
            all[0] = answered;
            System.arraycopy(references, 0, all, 1, references.length);
            return all;
        }
    }

    /** Keeps the first few and the last ids of a chain. */
    private static final class Chain {

        private final long[] ids = new long[MOST];
        private int count;

        void add(long id) {
            if (id == MessageIdHash.NONE) {
                return;
            }
            if (count == MOST) {
                System.arraycopy(ids, FIRST + 1, ids, FIRST, MOST - FIRST - 1);
                count--;
            }
            ids[count++] = id;
        }

        long[] all() {
            return Arrays.copyOf(ids, count);
        }
    }
}
