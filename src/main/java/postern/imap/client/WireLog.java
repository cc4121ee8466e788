package postern.imap.client;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.imap.client.command.Command;
import postern.imap.client.wire.Response;

/**
 * Logs the dialogue of a connection after its login, without what it says: direction, tag, command
 * or kind of response, and octets. Only words of lists in our own code are logged, so that no
 * argument, name or content can be.
 */
final class WireLog {

    private static final Logger log = LoggerFactory.getLogger("postern.imap.wire");
    private static final AtomicLong connections = new AtomicLong();
    private static final String OTHER = "other";
    private static final Pattern TAG = Pattern.compile("[*+]|P\\d{1,18}");
    private static final Set<String> KINDS =
            Set.of(
                    "OK",
                    "NO",
                    "BAD",
                    "BYE",
                    "CAPABILITY",
                    "ENABLED",
                    "ID",
                    "NAMESPACE",
                    "LIST",
                    "LSUB",
                    "STATUS",
                    "FLAGS",
                    "EXISTS",
                    "RECENT",
                    "EXPUNGE",
                    "FETCH",
                    "SEARCH",
                    "ESEARCH",
                    "SORT",
                    "THREAD",
                    "QUOTA",
                    "QUOTAROOT",
                    "ACL",
                    "MYRIGHTS");

    private final long connection = connections.incrementAndGet();

    /** Logs a command as it is sent, with the literals of its arguments. */
    void sent(String tag, Command command, int octets) {
        if (log.isTraceEnabled()) {
            log.trace(
                    "sent: connection={} tag={} command={} octets={}",
                    connection,
                    tag,
                    command.verb(),
                    octets);
        }
    }

    /** Logs a message that was sent as the literal of a command. */
    void sentLiteral(Command command, long octets) {
        if (log.isTraceEnabled()) {
            log.trace(
                    "sent: connection={} literal of command={} octets={}",
                    connection,
                    command.verb(),
                    octets);
        }
    }

    /** Logs a response that has not been parsed yet. */
    void received(Response response) {
        if (log.isTraceEnabled()) {
            received(response, "");
        }
    }

    /** Logs the beginning of a response, up to a literal that is streamed. */
    void receivedHead(Response response, long literal) {
        if (log.isTraceEnabled()) {
            received(response, " literal=" + literal);
        }
    }

    private void received(Response response, String literal) {
        int start = response.position();
        var tag = response.word();
        response.skipSpaces();
        var kind = tag.equals("+") ? "continuation" : kind(response);
        response.seek(start);
        log.trace(
                "received: connection={} tag={} response={} octets={}{}",
                connection,
                TAG.matcher(tag).matches() ? tag : OTHER,
                kind,
                response.length(),
                literal);
    }

    private static String kind(Response response) {
        boolean messageData = response.atDigit();
        var word = response.word();
        if (messageData) {
            response.skipSpaces();
            word = response.word();
        }
        var kind = word.toUpperCase(Locale.ROOT);
        return KINDS.contains(kind) ? kind : OTHER;
    }
}
