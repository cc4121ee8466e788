package postern.testclient;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.testclient.EventReader.Event;
import tools.jackson.databind.JsonNode;

/** An app's copy of a mailbox, kept right by a list, by events, and by changes after a resync. */
@NullMarked
public final class EventedCopy {

    private final HttpApi api;
    private final String mailboxId;
    private final Map<String, Row> rows = new HashMap<>();
    private final List<Event> pending = new ArrayList<>();
    private @Nullable String state;
    private int resyncs;

    /** A message in the copy. */
    public record Row(long order, String messageId, Set<String> keywords) {}

    public EventedCopy(HttpApi api, String mailboxId) {
        this.api = api;
        this.mailboxId = mailboxId;
    }

    public String mailboxId() {
        return mailboxId;
    }

    public String state() {
        return requireNonNull(state);
    }

    public int resyncs() {
        return resyncs;
    }

    /** The copy by UID. */
    public Map<Long, Row> content() {
        var content = new TreeMap<Long, Row>();
        rows.values().forEach(row -> content.put(row.order, row));
        return content;
    }

    public void list() throws IOException {
        rows.clear();
        var path = "/mailboxes/" + mailboxId + "/messages?withState=true&limit=500";
        for (String cursor = ""; cursor != null; ) {
            var page = api.get(cursor.isEmpty() ? path : path + "&cursor=" + cursor).expect(200);
            page.json().get("items").forEach(this::put);
            state = page.json().get("state").asString();
            var next = page.json().path("nextCursor");
            cursor = next.isMissingNode() ? null : next.asString();
        }
    }

    /** What changed together is applied together, when the last event of it has come. */
    public void apply(Event event) throws IOException {
        if (event.type().equals("resync")) {
            pending.clear();
            resync();
            return;
        }
        pending.add(event);
        if (event.data().has("state")) {
            pending.forEach(this::applied);
            pending.clear();
            state = event.data().get("state").asString();
        }
    }

    /** The stream was cut: what it did not complete comes again, as it is then. */
    public void cut() {
        pending.clear();
    }

    private void applied(Event event) {
        switch (event.type()) {
            case "message.added" -> event.data().get("added").forEach(this::put);
            case "message.updated" -> event.data().get("updated").forEach(this::update);
            case "message.removed" ->
                    event.data().get("removed").forEach(id -> rows.remove(id.asString()));
            default -> throw new AssertionError("an event of another type: " + event);
        }
    }

    private void resync() throws IOException {
        resyncs++;
        while (true) {
            var answer = api.get("/mailboxes/%s/changes?since=%s".formatted(mailboxId, state()));
            if (answer.status() == 410) {
                list();
                return;
            }
            var page = answer.expect(200).json();
            if (page.has("nextCursor")) {
                list(); // as good, and simpler
                return;
            }
            page.get("added").forEach(this::put);
            page.get("updated").forEach(this::update);
            page.get("removed").forEach(id -> rows.remove(id.asString()));
            state = page.get("state").asString();
            return;
        }
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
}
