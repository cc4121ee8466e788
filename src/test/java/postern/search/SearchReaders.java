package postern.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.imap.MailboxName;
import postern.message.metadata.MessageSort;
import postern.message.metadata.SortedWalk.Hit;
import postern.web.IdReaders;
import postern.web.id.Cursor;
import postern.web.problem.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Fuzz targets for the parsers of search requests and cursors. */
public final class SearchReaders {

    private static final JsonMapper JSON = new JsonMapper();
    private static final SearchQuery QUERY =
            SearchQuery.of(
                    new SearchRequest(
                            null,
                            null,
                            null,
                            MessageSort.SUBJECT,
                            9,
                            null,
                            null,
                            null,
                            null,
                            null));

    private SearchReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("search cursor", SearchReaders::cursor)
                        .throwing(IllegalArgumentException.class, ProblemException.class)
                        .of(
                                "s\u0002\u0018\u0006\u0000\u0041\u0042\u0002\u0004\u0006",
                                "\u0002\u0004\u0006",
                                "\u007f"),
                FuzzTarget.of("search request", SearchReaders::request)
                        .throwing(JacksonException.class, ProblemException.class)
                        .of(
                                "{\"filter\":{\"or\":[{\"from\":\"a\"},{\"to\":\"\u00e9\"}]}}",
                                "{\"filter\":{\"not\":{\"since\":\"2026-01-01\"}}}",
                                "{\"filter\":{\"header\":{\"name\":\"X-Y\",\"value\":\"z\"}}}",
                                "\"larger\":9223372036854775807",
                                "\"hasKeyword\":\"$answered\"",
                                "\"mailboxIds\":[\"inbox\",\"sent\"]",
                                "\"sort\":\"-receivedAt\"",
                                "\"fields\":[\"subject\"]",
                                "\"limit\":50",
                                "\"and\":[",
                                "\"not\":{",
                                "}",
                                "]",
                                ","));
    }

    /** The fingerprint of the search, which is the first number, is always valid. */
    private static @Nullable CharSequence cursor(byte[] octets) {
        var cursor = IdReaders.cursor(octets);
        var numbers = new ArrayList<>(List.of(QUERY.fingerprint()));
        numbers.addAll(cursor.numbers());
        var read = SearchCursor.of(new Cursor(cursor.kind(), numbers, null), QUERY);
        if (read == null) {
            return null;
        }
        var again = SearchCursor.of(read.toCursor(QUERY), QUERY);
        if (!read.equals(again)) {
            throw new AssertionError(read + " comes back as " + again);
        }
        var position = read.position(MailboxName.INBOX, QUERY.sort());
        return String.valueOf(position.after().test(new Hit(1, read.last().value()), false));
    }

    private static @Nullable CharSequence request(byte[] octets) {
        var request = JSON.readValue(octets, SearchRequest.class);
        if (request == null) {
            return null;
        }
        var query = SearchQuery.of(request);
        return query.criteria().toString() + query.fingerprint();
    }
}
