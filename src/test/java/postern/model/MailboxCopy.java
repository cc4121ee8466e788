package postern.model;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.testclient.HttpApi;
import tools.jackson.databind.JsonNode;

/** An app's copy of a mailbox, kept right by one list and by changes alone. */
@NullMarked
final class MailboxCopy {

    private final HttpApi api;
    private final String mailboxId;
    private final Map<String, Row> rows = new TreeMap<>();
    private @Nullable String state;
    private int lists;
    private int pages;

    /** A message in the copy. */
    record Row(long order, String messageId, Set<String> keywords) {}

    MailboxCopy(HttpApi api, String mailboxId) {
        this.api = api;
        this.mailboxId = mailboxId;
    }

    /** How often the whole mailbox had to be listed. */
    int lists() {
        return lists;
    }

    int pages() {
        return pages;
    }

    /** The copy by UID. */
    Map<Long, Row> content() {
        var content = new TreeMap<Long, Row>();
        rows.values().forEach(row -> content.put(row.order, row));
        if (content.size() != rows.size()) {
            throw new AssertionError("two messages have one order: " + rows);
        }
        return content;
    }

    /**
     * Brings the copy up to date.
     *
     * @param limit how many changes a page has
     * @param betweenPages runs after each page but the last
     */
    void sync(IntSupplier limit, Action betweenPages) throws IOException {
        if (state == null || !changes(limit, betweenPages)) {
            list(betweenPages);
        }
    }

    /** What happens between two pages. */
    interface Action {
        void run() throws IOException;
    }

    private void list(Action betweenPages) throws IOException {
        lists++;
        rows.clear();
        String first = null;
        String cursor = null;
        do {
            var path = "/mailboxes/" + mailboxId + "/messages?withState=true&limit=100";
            var page =
                    api.get(cursor == null ? path : path + "&cursor=" + cursor).expect(200).json();
            page.get("items").forEach(this::put);
            var told = page.get("state").asString();
            if (first != null && !first.equals(told)) {
                throw new AssertionError("pages of one list have several states");
            }
            first = told;
            cursor = text(page, "nextCursor");
            if (cursor != null) {
                betweenPages.run();
            }
        } while (cursor != null);
        state = first;
    }

    /** False when the list must be read anew. */
    private boolean changes(IntSupplier limit, Action betweenPages) throws IOException {
        String cursor = null;
        do {
            var path =
                    "/mailboxes/%s/changes?since=%s&limit=%d&fields=internetMessageId"
                            .formatted(mailboxId, state, limit.getAsInt());
            var answer = api.get(cursor == null ? path : path + "&cursor=" + cursor);
            if (answer.status() == 410) {
                return false;
            }
            var page = answer.expect(200).json();
            pages++;
            page.get("added").forEach(this::put);
            page.get("updated").forEach(this::update);
            page.get("removed").forEach(id -> rows.remove(id.asString()));
            cursor = text(page, "nextCursor");
            var told = text(page, "state");
            if ((cursor == null) == (told == null)) {
                throw new AssertionError("the state comes with the last page: " + page);
            }
            if (cursor != null) {
                betweenPages.run();
            } else {
                state = told;
            }
        } while (cursor != null);
        return true;
    }

    private void put(JsonNode row) {
        rows.put(
                row.get("id").asString(),
                new Row(
                        row.get("order").asLong(),
                        "<" + row.get("internetMessageId").asString() + ">",
                        keywords(row)));
    }

    private void update(JsonNode update) {
        rows.computeIfPresent(
                update.get("id").asString(),
                (_, row) -> new Row(row.order, row.messageId, keywords(update)));
    }

    private static Set<String> keywords(JsonNode message) {
        return new TreeSet<>(message.get("keywords").propertyNames());
    }

    private static @Nullable String text(JsonNode page, String name) {
        return page.has(name) ? page.get(name).asString() : null;
    }
}
