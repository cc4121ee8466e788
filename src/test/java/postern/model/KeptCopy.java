package postern.model;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.testclient.EventReader;
import postern.testclient.EventReader.Event;
import postern.testclient.HttpApi;
import tools.jackson.databind.JsonNode;

/**
 * Does step by step what {@code examples/mailbox-copy.ts} does, on a thread of its own: one list,
 * then events, and changes after a {@code resync}; a new list after a 410. Its streams are cut at
 * random, and it goes on whatever fails for a time.
 */
@NullMarked
final class KeptCopy implements AutoCloseable {

    /** Between two tries; the example waits longer. */
    private static final long RETRY_MILLIS = 20;

    private final HttpApi api;
    private final int port;
    private final String token;
    private final String mailboxId;
    private final Random random;
    private final Map<String, MailboxCopy.Row> rows = new TreeMap<>();
    private final Thread thread;
    private final List<JsonNode> pending = new ArrayList<>();
    private @Nullable String state;
    private @Nullable String lastEventId;
    private volatile boolean stopped;
    private volatile @Nullable EventReader open;
    private volatile @Nullable Throwable failure;
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger resyncs = new AtomicInteger();

    /** The status of an answer, which says whether to try again. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final boolean retryable;

        Refused(int status, JsonNode problem) {
            super(status + " " + problem);
            this.status = status;
            this.retryable = problem.path("retryable").asBoolean(false);
        }
    }

    KeptCopy(int port, String token, String mailboxId, long seed) {
        this.api = new HttpApi(port, token);
        this.port = port;
        this.token = token;
        this.mailboxId = mailboxId;
        this.random = new Random(seed);
        thread = Thread.ofPlatform().daemon().name("kept-copy").start(this::run);
    }

    int lists() {
        return lists.get();
    }

    int streams() {
        return streams.get();
    }

    /** How often a stream could not tell what changed. */
    int resyncs() {
        return resyncs.get();
    }

    /** The copy by UID. Throws what has ended it. */
    synchronized Map<Long, MailboxCopy.Row> content() {
        if (failure != null) {
            throw new AssertionError("the copy has ended", failure);
        }
        var content = new TreeMap<Long, MailboxCopy.Row>();
        rows.values().forEach(row -> content.put(row.order(), row));
        return content;
    }

    /** Cuts its stream, in the middle of an event too. */
    void cut() {
        var stream = open;
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException _) {
                // it has just ended by itself
            }
        }
    }

    private void run() {
        while (!stopped) {
            try {
                if (state == null) {
                    list();
                }
                listen();
            } catch (Refused e) {
                if (e.status == 410) {
                    state = null;
                } else if (e.status == 404) {
                    gone();
                } else if (e.status < 500 && !e.retryable) {
                    failure = e;
                    return;
                }
            } catch (HttpTimeoutException e) {
                failure = e;
                return;
            } catch (IOException _) {
                // cut
            } catch (RuntimeException | AssertionError e) {
                failure = e;
                return;
            }
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            stopped = true;
        }
    }

    /** The mailbox has another name for a while, or is no more. */
    private synchronized void gone() {
        rows.clear();
        state = null;
        lastEventId = null;
    }

    private void list() throws IOException {
        var read = new TreeMap<String, MailboxCopy.Row>();
        String cursor = null;
        String told;
        do {
            var path = "/mailboxes/" + mailboxId + "/messages?withState=true&limit=20";
            var page = json(api.get(cursor == null ? path : path + "&cursor=" + cursor));
            page.get("items").forEach(row -> put(read, row));
            told = page.get("state").asString();
            cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : null;
        } while (cursor != null);
        synchronized (this) {
            rows.clear();
            rows.putAll(read);
            state = told;
            lastEventId = null;
            lists.incrementAndGet();
        }
    }

    private void listen() throws IOException {
        var path =
                "/events?fields=internetMessageId&mailboxId=%s&since=%s"
                        .formatted(mailboxId, state);
        try (var stream = EventReader.open(port, token, path, lastEventId)) {
            if (stream.status() != 200) {
                throw new Refused(stream.status(), stream.problem());
            }
            open = stream;
            pending.clear();
            streams.incrementAndGet();
            for (int left = 1 + random.nextInt(40); left > 0 && !stopped; left--) {
                var event = stream.block();
                if (event == null) {
                    return;
                }
                if (event.type().equals("resync")) {
                    resync();
                    resyncs.incrementAndGet();
                    lastEventId = null; // the copy is of a later time than the stream
                    return;
                }
                take(event);
                lastEventId = stream.lastEventId(); // after it was applied
            }
        } finally {
            open = null;
        }
    }

    private void take(Event event) throws IOException {
        switch (event.type()) {
            case "" -> {}
            case "session.ending" -> throw new AssertionError("the session ended: " + event);
            default -> {
                pending.add(event.data());
                if (event.data().has("state")) {
                    apply(pending);
                    pending.clear();
                }
            }
        }
    }

    private void resync() throws IOException {
        pending.clear();
        var pages = new ArrayList<JsonNode>();
        var since = state;
        String cursor = null;
        do {
            var next = cursor == null ? "" : ", \"cursor\": \"" + cursor + "\"";
            var answer =
                    api.post(
                            "/mailboxes/" + mailboxId + "/changes",
                            "{\"since\": \"%s\", \"limit\": %d%s}"
                                    .formatted(since, 1 + random.nextInt(30), next));
            if (answer.status() == 410) {
                list();
                return;
            }
            var page = json(answer);
            pages.add(page);
            cursor = page.has("nextCursor") ? page.get("nextCursor").asString() : null;
        } while (cursor != null);
        apply(pages);
    }

    /** What changed together. */
    private synchronized void apply(List<JsonNode> all) {
        for (var changes : all) {
            changes.path("added").forEach(row -> put(rows, row));
            changes.path("updated").forEach(this::update);
            changes.path("removed").forEach(id -> rows.remove(id.asString()));
            if (changes.has("state")) {
                state = changes.get("state").asString();
            }
        }
    }

    private static void put(Map<String, MailboxCopy.Row> rows, JsonNode row) {
        rows.put(
                row.get("id").asString(),
                new MailboxCopy.Row(
                        row.get("order").asLong(),
                        "<" + row.get("internetMessageId").asString() + ">",
                        keywords(row)));
    }

    private void update(JsonNode update) {
        rows.computeIfPresent(
                update.get("id").asString(),
                (_, row) -> new MailboxCopy.Row(row.order(), row.messageId(), keywords(update)));
    }

    private static Set<String> keywords(JsonNode message) {
        return new TreeSet<>(message.get("keywords").propertyNames());
    }

    private static JsonNode json(HttpApi.Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new Refused(answer.status(), answer.json());
        }
        return answer.json();
    }

    @Override
    public void close() {
        stopped = true;
        cut();
        thread.interrupt();
    }
}
