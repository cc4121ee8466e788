package postern.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.message.ManyMessages;
import postern.message.MessagesById.MissingMessage;
import postern.message.MessagesQuery;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.RowContent;
import postern.web.id.MessageId;
import postern.web.problem.Problem;

/** Adds to the rows of a search what takes more than their metadata, such as texts. */
@Component
final class FoundContents {

    private static final RowContent UNREADABLE = new RowContent(null, null, null, null, true);

    /** The status of what is not there any more. */
    private static final int NOT_FOUND = 404;

    private static final int GONE = 410;

    private final ManyMessages messages;

    FoundContents(ManyMessages messages) {
        this.messages = messages;
    }

    /** A message that was expunged meanwhile is left out, as everywhere in a search. */
    SearchPage addTo(SearchPage page, Account account, SearchQuery query) {
        if (page.items().isEmpty()) {
            return page;
        }
        var files = MessageField.ATTACHMENTS;
        var read =
                messages.read(
                        account,
                        new MessagesQuery(
                                page.items().stream().map(MessageSummary::id).toList(),
                                query.fields().contains(files) ? Set.of(files) : Set.of(),
                                query.include(),
                                query.headers(),
                                MessagesQuery.MOST_OCTETS));
        var contents = new HashMap<MessageId, RowContent>();
        read.items().forEach(row -> contents.put(row.id(), contentOf(row)));
        var missing = new HashMap<MessageId, Problem>();
        for (MissingMessage one : read.notFound()) {
            missing.put(one.id(), one.problem());
        }
        var rows = new ArrayList<MessageSummary>();
        for (var row : page.items()) {
            if (!gone(missing.get(row.id()))) {
                rows.add(withContent(row, contents, missing));
            }
        }
        return new SearchPage(
                rows, page.nextCursor(), page.total(), read.notFetched(), page.skippedMailboxes());
    }

    private static RowContent contentOf(MessageSummary row) {
        return new RowContent(
                row.attachments(),
                row.headers(),
                row.text(),
                row.html(),
                Boolean.TRUE.equals(row.degraded()));
    }

    private static boolean gone(@Nullable Problem problem) {
        return problem != null && (problem.status() == NOT_FOUND || problem.status() == GONE);
    }

    private static MessageSummary withContent(
            MessageSummary row,
            Map<MessageId, RowContent> contents,
            Map<MessageId, Problem> missing) {
        var content = contents.get(row.id());
        if (content != null) {
            return row.with(content);
        }
        return missing.containsKey(row.id()) ? row.with(UNREADABLE) : row;
    }
}
