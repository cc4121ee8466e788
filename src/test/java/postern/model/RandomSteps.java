package postern.model;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import postern.model.MailModel.Letter;
import postern.testclient.HttpApi;
import postern.testclient.SecondImapClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random steps of an app at the gateway and of a second mail program on the same account, and a
 * model of what must be there. The seed decides the steps; a difference ends the run with an
 * AssertionError.
 */
@NullMarked
final class RandomSteps {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> WORDS =
            List.of("apple", "birch", "cedar", "dahlia", "elder", "fern");
    private static final List<String> KEYWORDS =
            List.of("$seen", "$flagged", "$answered", "red", "green", "blue");
    private static final List<String> SORTS =
            List.of("receivedAt", "-sentAt", "subject", "-from", "size", "-size");

    /**
     * Dovecot looks for new mailboxes once a second, however often a connection asks; far more than
     * that, for a machine that is busy.
     */
    private static final Duration OLDEST_LIST = Duration.ofSeconds(30);

    private static final int MAX_MESSAGES = 140;
    private static final int MAX_MAILBOXES = 11;

    private final Random random;
    private final long seed;
    private final HttpApi api;
    private final SecondImapClient other;
    private final boolean uidValidityIsNew;
    private final boolean namesThreads;
    private final Set<String> without;
    private final MailModel model = new MailModel();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, String> roles = new HashMap<>();
    private String delimiter = "/";
    private String prefix = "";
    private int numbers;

    /**
     * {@code uidValidityIsNew}: a mailbox that is deleted and created again within a second has
     * another UIDVALIDITY. {@code namesThreads}: the server has THREADID. {@code without}: names of
     * steps that are not taken, and {@code counts} for counts that are not compared.
     */
    RandomSteps(
            long seed,
            HttpApi api,
            SecondImapClient other,
            boolean uidValidityIsNew,
            boolean namesThreads,
            Set<String> without) {
        this.seed = seed;
        this.namesThreads = namesThreads;
        this.without = without;
        this.random = new Random(seed);
        this.api = api;
        this.other = other;
        this.uidValidityIsNew = uidValidityIsNew;
    }

    /** What was done so far, one line a step. */
    List<String> log() {
        return log;
    }

    private interface Step {
        void take() throws IOException;
    }

    private record Weighted(int weight, String name, Step step) {}

    private final List<Weighted> steps =
            List.of(
                    new Weighted(8, "compose", this::compose),
                    new Weighted(5, "import", this::importOne),
                    new Weighted(9, "other appends", this::otherAppends),
                    new Weighted(8, "keywords", this::changeKeywords),
                    new Weighted(6, "other stores", this::otherStores),
                    new Weighted(6, "move", this::move),
                    new Weighted(4, "copy", this::copy),
                    new Weighted(4, "delete", this::delete),
                    new Weighted(4, "delete for good", this::deletePermanently),
                    new Weighted(8, "batch", this::batch),
                    new Weighted(1, "empty", this::empty),
                    new Weighted(2, "create mailbox", this::createMailbox),
                    new Weighted(2, "rename mailbox", this::renameMailbox),
                    new Weighted(1, "delete mailbox", this::deleteMailbox),
                    new Weighted(1, "other creates mailbox", this::otherCreates),
                    new Weighted(1, "other renames mailbox", this::otherRenames),
                    new Weighted(1, "other deletes mailbox", this::otherDeletes),
                    new Weighted(4, "replace draft", this::replaceDraft),
                    new Weighted(3, "conditional", this::changeIfUnchanged),
                    new Weighted(5, "other expunges", this::otherExpunges),
                    new Weighted(3, "other moves", this::otherMoves),
                    new Weighted(2, "other copies", this::otherCopies),
                    new Weighted(4, "open a list", this::openWalk),
                    new Weighted(12, "next page", this::nextPage),
                    new Weighted(5, "search", this::search),
                    new Weighted(3, "threads", this::threads),
                    new Weighted(5, "read", this::read),
                    new Weighted(4, "former id", this::useFormerId),
                    new Weighted(5, "at once", this::atOnce),
                    new Weighted(2, "one message at once", this::movesOfOneMessage),
                    new Weighted(2, "one draft at once", this::replacementsOfOneDraft));

    /** Makes the mailboxes that a role needs, and finds out how names look here. */
    void furnish() throws IOException {
        for (var role : List.of("drafts", "sent", "trash", "archive")) {
            if (api.get("/mailboxes/" + role).status() == 404) {
                api.post("/mailboxes", "{'role': '%s'}".formatted(role)).expect(201);
            }
        }
        var first = api.post("/mailboxes", "{'name': 'box0'}").expect(201).json();
        prefix = first.path("path").asString().replace("box0", "");
        delimiter = first.path("delimiter").asString("/");
        for (var mailbox : mailboxes()) {
            var path = mailbox.path("path").asString();
            model.mailboxes.put(path, new TreeMap<>());
            ids.put(path, mailbox.path("id").asString());
            if (mailbox.has("role")) {
                roles.put(mailbox.path("role").asString(), path);
            }
        }
        for (int i = 0; i < 20; i++) {
            otherAppends();
        }
        compareAll();
    }

    /** One step; every few of them compares. */
    void step(int number) throws IOException {
        var chosen = choose();
        log.add(number + " " + chosen.name);
        if (!without.contains(chosen.name)) {
            chosen.step.take();
        }
        if (number % 5 == 0) {
            compare(anyPath());
            compareCounts();
        }
        if (number % 50 == 0) {
            compareAll();
        }
    }

    private Weighted choose() {
        int left = random.nextInt(steps.stream().mapToInt(Weighted::weight).sum());
        for (var candidate : steps) {
            left -= candidate.weight;
            if (left < 0) {
                return candidate;
            }
        }
        throw new IllegalStateException();
    }

    // --- messages come

    private void compose() throws IOException {
        if (full()) {
            deletePermanently();
            return;
        }
        var path = anyPath();
        var letter = letter(path, false);
        if (chance(2)) {
            letter.keywords.addAll(someKeywords());
        } else {
            letter.keywords.addAll(List.of("$draft", "$seen"));
        }
        note("composes " + letter.messageId + " in " + path + " " + letter.keywords);
        var answer =
                api.send(
                        "POST",
                        "/mailboxes/" + id(path) + "/messages",
                        newMessage(letter, letter.keywords));
        added(answer, path, letter);
    }

    /**
     * Adds a message that was stored. Where nobody knows (Dovecot hangs up when the mailbox that a
     * pooled connection has open was renamed by the other program), the other program looks.
     */
    private void added(HttpApi.Answer answer, String path, Letter letter) throws IOException {
        if (answer.status() == 502
                && "outcome-unknown".equals(text(answer.json(), "code"))
                && !answer.json().path("retryable").asBoolean()) {
            boolean there =
                    other.look(path).stream()
                            .anyMatch(seen -> seen.messageId().equals(letter.messageId));
            note("outcome unknown: it is " + (there ? "there" : "not there"));
            if (there) {
                model.add(path, letter);
            }
            return;
        }
        letter.id = text(expect(201, answer), "id");
        model.add(path, letter);
    }

    private void importOne() throws IOException {
        if (full()) {
            deletePermanently();
            return;
        }
        var path = anyPath();
        var letter = letter(path, true);
        letter.keywords.addAll(someKeywords());
        note("imports " + letter.messageId + " into " + path + " " + letter.keywords);
        var query =
                letter.keywords.stream()
                        .map(it -> "keywords=" + encoded(it))
                        .collect(Collectors.joining("&", "?", ""));
        var answer =
                api.send(
                        "POST",
                        "/mailboxes/" + id(path) + "/messages" + query,
                        "message/rfc822",
                        BodyPublishers.ofByteArray(requireNonNull(letter.octets)));
        added(answer, path, letter);
    }

    private void otherAppends() throws IOException {
        if (full()) {
            otherExpunges();
            return;
        }
        var path = anyPath();
        var letter = letter(path, true);
        letter.keywords.addAll(someKeywords());
        note("other appends " + letter.messageId + " to " + path + " " + letter.keywords);
        other.append(path, letter.keywords, requireNonNull(letter.octets));
        model.add(path, letter);
    }

    // --- keywords change

    private void changeKeywords() throws IOException {
        var at = anyLetter();
        if (at == null) {
            return;
        }
        var patch = new TreeMap<String, @Nullable Boolean>();
        for (var keyword : someKeywords()) {
            patch.put(keyword, chance(2) ? true : null);
        }
        if (patch.isEmpty()) {
            patch.put("$seen", true);
        }
        note("patches " + at + " with " + patch);
        var after = expect(200, api.send("PATCH", "/messages/" + id(at), json("keywords", patch)));
        apply(patch, at.letter);
        same("keywords in the answer", at.letter.keywords, keywords(after));
    }

    private static void apply(Map<String, @Nullable Boolean> patch, Letter letter) {
        patch.forEach((keyword, on) -> {
            if (on == null) {
                letter.keywords.remove(keyword);
            } else {
                letter.keywords.add(keyword);
            }
        });
    }

    private void otherStores() throws IOException {
        var path = filledPath();
        var some = some(path, 3);
        if (some.isEmpty()) {
            return;
        }
        var keyword = pick(KEYWORDS);
        boolean add = chance(2);
        note("other stores " + (add ? "+" : "-") + keyword + " on " + some + " in " + path);
        other.store(path, some, add, keyword);
        for (var messageId : some) {
            apply(Collections.singletonMap(keyword, add ? true : null), letter(path, messageId));
        }
    }

    /** A change under a version that is still the latest is done, under another one it is not. */
    private void changeIfUnchanged() throws IOException {
        var at = anyLetter();
        if (at == null) {
            return;
        }
        var tag =
                api.get("/messages/" + id(at))
                        .expect(200)
                        .headers()
                        .firstValue("ETag")
                        .orElseThrow();
        boolean meanwhile = chance(2);
        note("patches " + at + " if unchanged; " + (meanwhile ? "it is changed" : "it is not"));
        if (meanwhile) {
            boolean add = !at.letter.keywords.contains("$flagged");
            other.store(at.path, List.of(at.letter.messageId), add, "$flagged");
            apply(Collections.singletonMap("$flagged", add ? true : null), at.letter);
        }
        boolean add = !at.letter.keywords.contains("$answered");
        var patch = Collections.singletonMap("$answered", add ? true : null);
        var answer =
                api.send("PATCH", "/messages/" + id(at), json("keywords", patch), "If-Match", tag);
        expect(meanwhile ? 412 : 200, answer);
        if (!meanwhile) {
            apply(patch, at.letter);
        }
    }

    // --- messages go elsewhere

    private void move() throws IOException {
        var at = anyLetter();
        var to = at == null ? null : without(at.path, Set.of(at.letter.messageId));
        if (at == null || to == null) {
            return;
        }
        note("moves " + at + " to " + to);
        var moved =
                expect(200, api.send("PATCH", "/messages/" + id(at), json("mailboxId", id(to))));
        model.move(at.path, at.letter.messageId, to, text(moved, "id"));
    }

    private void copy() throws IOException {
        var at = anyLetter();
        var to = at == null ? null : without(at.path, Set.of(at.letter.messageId));
        if (at == null || to == null || full()) {
            return;
        }
        note("copies " + at + " to " + to);
        var copied =
                expect(
                        201,
                        api.send(
                                "POST",
                                "/messages/" + id(at) + "/copy",
                                json("mailboxId", id(to))));
        model.copy(at.path, at.letter.messageId, to, text(copied, "id"));
    }

    private void delete() throws IOException {
        var at = anyLetter();
        var trash = requireNonNull(roles.get("trash"));
        if (at == null || model.at(trash).containsKey(at.letter.messageId)) {
            return;
        }
        note("puts " + at + " into the trash");
        expect(204, api.delete("/messages/" + id(at)));
        model.move(at.path, at.letter.messageId, trash, null);
    }

    private void deletePermanently() throws IOException {
        var at = anyLetter();
        if (at == null) {
            return;
        }
        note("deletes " + at + " for good");
        expect(204, api.delete("/messages/" + id(at) + "?permanent=true"));
        model.remove(at.path, at.letter.messageId);
    }

    private void batch() throws IOException {
        var path = filledPath();
        var some = some(path, 8);
        var request = new LinkedHashMap<String, Object>();
        var chosen = new LinkedHashMap<String, String>();
        for (var messageId : some) {
            chosen.put(id(new At(path, letter(path, messageId))), messageId);
        }
        var all = new ArrayList<>(chosen.keySet());
        if (!model.formerIds.isEmpty() && chance(2)) {
            all.add(random.nextInt(all.size() + 1), formerId());
        }
        if (all.isEmpty()) {
            return;
        }
        request.put("ids", all);
        var patch = new TreeMap<String, @Nullable Boolean>();
        if (chance(2)) {
            someKeywords().forEach(it -> patch.put(it, chance(2) ? true : null));
        }
        var to = without(path, some);
        int kind = random.nextInt(4);
        if (kind == 0 && to != null) {
            request.put("moveTo", id(to));
        } else if (kind == 1 && to != null && !full()) {
            request.put("copyTo", id(to));
        } else if (kind == 2) {
            request.put("delete", "permanent");
        } else if (patch.isEmpty()) {
            patch.put("$seen", true);
        }
        if (!patch.isEmpty() && !request.containsKey("delete") && !request.containsKey("copyTo")) {
            request.put("keywords", patch);
        }
        note("batch on " + some + " in " + path + ": " + request);
        var result = expect(200, api.send("POST", "/messages/batch", json(request)));
        for (var item : result.path("results")) {
            var messageId = chosen.get(item.path("id").asString());
            int status = item.path("status").asInt();
            if (messageId == null) {
                that(status == 404 || status == 410, "a former id in a batch: " + item);
                continue;
            }
            that(status == 200, "a result of a batch: " + item);
            if (request.containsKey("keywords")) {
                apply(patch, letter(path, messageId));
            }
            if (request.containsKey("moveTo")) {
                model.move(path, messageId, requireNonNull(to), text(item, "newId"));
            } else if (request.containsKey("copyTo")) {
                model.copy(path, messageId, requireNonNull(to), text(item, "newId"));
            } else if (request.containsKey("delete")) {
                model.remove(path, messageId);
            }
        }
        same("results of a batch", all.size(), result.path("results").size());
    }

    private void empty() throws IOException {
        var path = chance(2) ? requireNonNull(roles.get("trash")) : anyPath();
        note("empties " + path + " of " + model.at(path).size());
        var query = "?confirm=" + encoded(path);
        var emptied = expect(200, api.delete("/mailboxes/" + id(path) + "/messages" + query));
        same("deletedMessages", model.at(path).size(), emptied.path("deletedMessages").asInt());
        List.copyOf(model.at(path).keySet()).forEach(it -> model.remove(path, it));
    }

    private void replaceDraft() throws IOException {
        var drafts = requireNonNull(roles.get("drafts"));
        var some = some(drafts, 1);
        if (some.isEmpty()) {
            return;
        }
        var old = new At(drafts, letter(drafts, some.iterator().next()));
        var letter = letter(drafts, false);
        var path = "/messages/" + id(old) + "/content";
        note("replaces " + old + " by " + letter.messageId);
        var body = newMessage(letter, null);
        HttpApi.Answer answer;
        if (chance(2)) {
            var tag = api.get("/messages/" + id(old)).expect(200).headers().firstValue("ETag");
            answer = api.send("PUT", path, body, "If-Match", tag.orElseThrow());
        } else {
            answer = api.send("PUT", path, body);
        }
        var created = expect(200, answer);
        letter.id = text(created, "id");
        letter.keywords.addAll(old.letter.keywords);
        model.add(drafts, letter);
        model.remove(drafts, old.letter.messageId);
    }

    private void otherExpunges() throws IOException {
        var path = filledPath();
        var some = some(path, 4);
        if (some.isEmpty()) {
            return;
        }
        note("other expunges " + some + " from " + path);
        other.expunge(path, some);
        some.forEach(it -> model.remove(path, it));
    }

    private void otherMoves() throws IOException {
        var path = filledPath();
        var some = some(path, 3);
        var to = without(path, some);
        if (some.isEmpty() || to == null) {
            return;
        }
        note("other moves " + some + " from " + path + " to " + to);
        other.move(path, some, to);
        some.forEach(it -> model.move(path, it, to, null));
    }

    private void otherCopies() throws IOException {
        var path = filledPath();
        var some = some(path, 2);
        var to = without(path, some);
        if (some.isEmpty() || to == null || full()) {
            return;
        }
        note("other copies " + some + " from " + path + " to " + to);
        other.copy(path, some, to);
        some.forEach(it -> model.copy(path, it, to, null));
    }

    // --- mailboxes

    private void createMailbox() throws IOException {
        if (model.mailboxes.size() >= MAX_MAILBOXES) {
            return;
        }
        var name = newName();
        var parent = chance(2) ? null : ownMailbox();
        var path = (parent == null ? prefix : parent + delimiter) + name;
        if (model.mailboxes.containsKey(path)) {
            return;
        }
        note("creates " + path);
        var wanted = new LinkedHashMap<String, Object>();
        wanted.put("name", name);
        if (parent != null) {
            wanted.put("parentId", id(parent));
        }
        var created = expect(201, api.send("POST", "/mailboxes", json(wanted)));
        same("path of a new mailbox", path, text(created, "path"));
        model.mailboxes.put(path, new TreeMap<>());
        ids.put(path, requireNonNull(text(created, "id")));
    }

    private void renameMailbox() throws IOException {
        var path = ownMailbox();
        var name = newName();
        var newPath = path == null ? "" : path.substring(0, path.lastIndexOf(delimiter) + 1) + name;
        if (path == null || model.mailboxes.containsKey(newPath)) {
            return;
        }
        note("renames " + path + " to " + newPath);
        var renamed = expect(200, api.send("PATCH", "/mailboxes/" + id(path), json("name", name)));
        same("path of a renamed mailbox", newPath, text(renamed, "path"));
        for (var gone : model.withChildren(path, delimiter)) {
            other.onGone(gone);
        }
        model.rename(path, newPath, delimiter);
        ids.clear();
    }

    private void deleteMailbox() throws IOException {
        var path = ownMailbox();
        if (path == null) {
            return;
        }
        note("deletes " + path);
        var query = "?withMessages=true&withChildren=true";
        expect(204, api.delete("/mailboxes/" + id(path) + query));
        for (var gone : model.withChildren(path, delimiter)) {
            other.onGone(gone);
            model.deleteMailbox(gone);
        }
        ids.clear();
    }

    private void otherCreates() throws IOException {
        var path = prefix + newName();
        if (model.mailboxes.size() >= MAX_MAILBOXES || model.mailboxes.containsKey(path)) {
            return;
        }
        note("other creates " + path);
        other.create(path);
        model.mailboxes.put(path, new TreeMap<>());
    }

    private void otherRenames() throws IOException {
        var path = ownMailbox();
        var newPath = prefix + newName();
        if (path == null
                || model.mailboxes.containsKey(newPath)
                || model.withChildren(path, delimiter).size() > 1) {
            return;
        }
        note("other renames " + path + " to " + newPath);
        other.rename(path, newPath);
        model.rename(path, newPath, delimiter);
        ids.clear();
    }

    private void otherDeletes() throws IOException {
        var path = ownMailbox();
        if (path == null || model.withChildren(path, delimiter).size() > 1) {
            return;
        }
        note("other deletes " + path);
        other.delete(path);
        model.deleteMailbox(path);
        ids.clear();
    }

    // --- what is read

    private void openWalk() throws IOException {
        if (model.walks.size() >= 4) {
            nextPage();
            return;
        }
        var path = filledPath();
        var query = "limit=" + (1 + random.nextInt(7));
        if (chance(2)) {
            query += "&sort=" + pick(SORTS);
        }
        var walk = new PageWalk(path, query, model.at(path).keySet());
        model.walks.add(walk);
        page(walk);
    }

    private void nextPage() throws IOException {
        if (model.walks.isEmpty()) {
            openWalk();
            return;
        }
        page(pick(model.walks));
    }

    private void page(PageWalk walk) throws IOException {
        note("a page of " + walk);
        var query = walk.query + (walk.cursor == null ? "" : "&cursor=" + walk.cursor);
        var page = expect(200, api.get("/mailboxes/" + id(walk.path) + "/messages?" + query));
        for (var row : page.path("items")) {
            walk.seen(row(walk.path, row).messageId);
        }
        walk.cursor = text(page, "nextCursor");
        if (walk.cursor == null) {
            model.walks.remove(walk);
            var fault = walk.fault();
            that(fault == null, fault);
        }
    }

    /** A row says what the model says. */
    private Letter row(String path, JsonNode row) {
        var messageId = text(row, "internetMessageId");
        var letter = messageId == null ? null : model.at(path).get(messageId);
        if (letter == null) {
            throw new AssertionError("a row of " + path + " that must not be there: " + row);
        }
        var what = messageId + " in " + path + ": ";
        same(what + "keywords", letter.keywords, keywords(row));
        same(what + "subject", letter.subject, text(row, "subject"));
        same(what + "hasAttachment", letter.hasFile, row.path("hasAttachment").asBoolean());
        that(!row.has("degraded"), what + "degraded");
        var id = requireNonNull(text(row, "id"));
        if (letter.id != null && !letter.id.equals(id)) {
            throw new AssertionError(what + "id " + id + " and before " + letter.id);
        }
        letter.id = id;
        return letter;
    }

    private void search() throws IOException {
        var within = chance(2) ? anyPath() : null;
        var word = pick(WORDS);
        var filter = new LinkedHashMap<String, Object>();
        int kind = random.nextInt(4);
        switch (kind) {
            case 0 -> filter.put("subject", word);
            case 1 -> filter.put("text", word);
            case 2 -> filter.put("unseen", true);
            default -> filter.put("hasKeyword", "red");
        }
        var request = new LinkedHashMap<String, Object>();
        request.put("filter", filter);
        request.put("limit", 1 + random.nextInt(20));
        if (within != null) {
            request.put("mailboxIds", List.of(id(within)));
        } else {
            request.put("includeTrashAndJunk", true);
        }
        if (chance(3)) {
            request.put("sort", pick(SORTS));
        }
        note("searches " + request);
        var expected = new TreeSet<String>();
        model.mailboxes.forEach((path, letters) ->
                letters.values().stream()
                        .filter(it -> within == null || within.equals(path))
                        .filter(it -> matches(kind, word, it))
                        .forEach(it -> expected.add(path + " " + it.messageId)));
        var found = new ArrayList<String>();
        var paths = paths();
        String cursor = null;
        do {
            if (cursor != null) {
                request.put("cursor", cursor);
            }
            var page = expect(200, api.send("POST", "/search", json(request)));
            that(!page.has("skippedMailboxes"), "skipped: " + page.path("skippedMailboxes"));
            if (page.has("total")) {
                same("total of a search", expected.size(), page.path("total").asInt());
            }
            for (var row : page.path("items")) {
                var path = requireNonNull(paths.get(text(row, "mailboxId")));
                found.add(path + " " + row(path, row).messageId);
            }
            cursor = text(page, "nextCursor");
        } while (cursor != null);
        Collections.sort(found);
        same("found by " + request, List.copyOf(expected), found);
    }

    private static boolean matches(int kind, String word, Letter letter) {
        return switch (kind) {
            case 0 -> letter.subject.contains(word);
            case 1 -> letter.subject.contains(word) || letter.word.equals(word);
            case 2 -> !letter.keywords.contains("$seen");
            default -> letter.keywords.contains("red");
        };
    }

    private void threads() throws IOException {
        var path = filledPath();
        learn(path);
        note("threads of " + path);
        var byId = new HashMap<String, String>();
        model.at(path).values().forEach(it -> byId.put(requireNonNull(it.id), it.messageId));
        var found = new HashSet<Set<String>>();
        var seen = new ArrayList<String>();
        int limit = 1 + random.nextInt(10);
        String cursor = null;
        do {
            var query = "?limit=" + limit + (cursor == null ? "" : "&cursor=" + cursor);
            var page = expect(200, api.get("/mailboxes/" + id(path) + "/threads" + query));
            for (var thread : page.path("items")) {
                var members = new TreeSet<String>();
                for (var id : thread.path("messageIds")) {
                    var messageId = byId.get(id.asString());
                    that(messageId != null, "a thread of " + path + " with a message not there");
                    members.add(requireNonNull(messageId));
                    seen.add(requireNonNull(messageId));
                }
                same(
                        "totalMessages of a thread",
                        members.size(),
                        thread.path("totalMessages").asInt());
                long unread =
                        members.stream()
                                .filter(it -> !letter(path, it).keywords.contains("$seen"))
                                .count();
                same("unreadMessages of a thread", unread, thread.path("unreadMessages").asLong());
                found.add(members);
            }
            cursor = text(page, "nextCursor");
        } while (cursor != null);
        same("messages in threads of " + path, List.copyOf(model.at(path).keySet()), sorted(seen));
        var letters = model.at(path).values();
        boolean possible =
                namesThreads
                        ? model.mayBeThreads(found, letters)
                        : MailModel.mayBeThreadsBySubject(found, letters);
        if (!possible) {
            same("threads of " + path, MailModel.threads(letters), found);
        }
    }

    private void read() throws IOException {
        var at = anyLetter();
        if (at == null) {
            return;
        }
        note("reads " + at);
        var message = expect(200, api.get("/messages/" + id(at) + "?include=text,headers"));
        row(at.path, message);
        that(message.path("text").toString().contains(at.letter.word), "text of " + at);
        var raw = api.get("/messages/" + id(at) + "/raw").expect(200).body();
        that(
                Arrays.equals(other.octets(at.path, at.letter.messageId), raw),
                "octets of " + at + " are those that the mail server has");
        var octets = at.letter.octets;
        that(octets == null || Arrays.equals(octets, raw), "octets of " + at + " are as stored");
    }

    /** Nothing is done with an id of a message that is not there any more. */
    private void useFormerId() throws IOException {
        if (model.formerIds.isEmpty()) {
            return;
        }
        var id = formerId();
        int kind = random.nextInt(5);
        note("uses a former id, kind " + kind);
        var to = json("mailboxId", id(anyPath()));
        var answer =
                switch (kind) {
                    case 0 -> api.get("/messages/" + id);
                    case 1 ->
                            api.send("PATCH", "/messages/" + id, "{\"keywords\":{\"$seen\":true}}");
                    case 2 -> api.send("PATCH", "/messages/" + id, to);
                    case 3 -> api.send("POST", "/messages/" + id + "/copy", to);
                    default -> api.delete("/messages/" + id + "?permanent=true");
                };
        that(
                answer.status() == 404 || answer.status() == 410,
                "a former id is answered " + answer.status() + " " + answer.text());
    }

    /** The gateway and the second client work on different messages of one mailbox at one time. */
    private void atOnce() throws IOException {
        var path = filledPath();
        var some = new ArrayList<>(some(path, 6));
        var to = without(path, some);
        if (some.size() < 2 || to == null) {
            return;
        }
        learn(path);
        var theirs = some.subList(0, some.size() / 2);
        var ours = some.subList(some.size() / 2, some.size());
        int kind = random.nextInt(4);
        boolean expunges = chance(2);
        note(
                "at once: other "
                        + (expunges ? "expunges " : "stores on ")
                        + theirs
                        + ", gateway does "
                        + kind
                        + " with "
                        + ours
                        + " in "
                        + path
                        + " (to "
                        + to
                        + ")");
        var beside =
                CompletableFuture.runAsync(() -> {
                    try {
                        if (expunges) {
                            other.expunge(path, theirs);
                        } else {
                            other.store(path, theirs, true, "blue");
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        var requests = new ArrayList<CompletableFuture<JsonNode>>();
        for (var messageId : ours) {
            var id = requireNonNull(letter(path, messageId).id);
            var target = id(to);
            requests.add(
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return atOnce(kind, id, target);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
        }
        var answers = new ArrayList<JsonNode>();
        try {
            requests.forEach(it -> answers.add(it.join()));
            beside.join();
        } catch (CompletionException e) {
            throw new AssertionError("at once: " + e.getCause(), e);
        }
        for (int i = 0; i < ours.size(); i++) {
            switch (kind) {
                case 0 -> letter(path, ours.get(i)).keywords.add("green");
                case 1 -> model.move(path, ours.get(i), to, text(answers.get(i), "id"));
                case 2 -> model.remove(path, ours.get(i));
                default -> {}
            }
        }
        for (var messageId : theirs) {
            if (expunges) {
                model.remove(path, messageId);
            } else {
                letter(path, messageId).keywords.add("blue");
            }
        }
        compare(path);
        compare(to);
    }

    /** Of many moves of one message one is done, and the message is in one place. */
    private void movesOfOneMessage() throws IOException {
        var at = anyLetter();
        if (at == null) {
            return;
        }
        var targets = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            var to = without(at.path, Set.of(at.letter.messageId));
            if (to == null) {
                return;
            }
            targets.add(to);
        }
        note("moves " + at + " at once to " + targets);
        var id = id(at);
        var requests = new ArrayList<Request>();
        for (var to : targets) {
            var body = json("mailboxId", id(to));
            requests.add(() -> api.send("PATCH", "/messages/" + id, body));
        }
        var answers = together(requests);
        int winner = onlySuccess(answers);
        model.move(
                at.path,
                at.letter.messageId,
                targets.get(winner),
                text(answers.get(winner).json(), "id"));
        compareAll();
    }

    /** Of two replacements of the same version of a draft one is done. */
    private void replacementsOfOneDraft() throws IOException {
        var drafts = requireNonNull(roles.get("drafts"));
        var some = some(drafts, 1);
        if (some.isEmpty()) {
            return;
        }
        var old = new At(drafts, letter(drafts, some.iterator().next()));
        var path = "/messages/" + id(old);
        var tag = api.get(path).expect(200).headers().firstValue("ETag").orElseThrow();
        var letters = List.of(letter(drafts, false), letter(drafts, false));
        note(
                "replaces "
                        + old
                        + " at once by "
                        + letters.stream().map(it -> it.messageId).toList());
        var requests =
                letters.stream()
                        .map(it -> newMessage(it, null))
                        .<Request>map(
                                it -> () -> api.send("PUT", path + "/content", it, "If-Match", tag))
                        .toList();
        var answers = together(requests);
        int winner = onlySuccess(answers);
        var letter = letters.get(winner);
        letter.id = text(answers.get(winner).json(), "id");
        letter.keywords.addAll(old.letter.keywords);
        model.add(drafts, letter);
        model.remove(drafts, old.letter.messageId);
        compare(drafts);
    }

    private interface Request {
        HttpApi.Answer send() throws IOException;
    }

    private static List<HttpApi.Answer> together(List<Request> requests) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = requests.stream().map(it -> threads.submit(it::send)).toList();
            return running.stream().map(RandomSteps::answer).toList();
        }
    }

    private static HttpApi.Answer answer(Future<HttpApi.Answer> running) {
        try {
            return running.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("at once: " + e, e);
        }
    }

    /** The place of the one request that was carried out; all others say that it came too late. */
    private static int onlySuccess(List<HttpApi.Answer> answers) {
        int winner = -1;
        for (int i = 0; i < answers.size(); i++) {
            int status = answers.get(i).status();
            if (status == 200) {
                that(winner < 0, "two of them were carried out: " + winner + " and " + i);
                winner = i;
            } else {
                that(
                        Set.of(404, 410, 412).contains(status),
                        "one came too late and is answered " + answers.get(i).text());
            }
        }
        that(winner >= 0, "none of them was carried out: " + answers.getFirst().text());
        return winner;
    }

    private JsonNode atOnce(int kind, String id, String target) throws IOException {
        return switch (kind) {
            case 0 ->
                    expect(
                            200,
                            api.send(
                                    "PATCH", "/messages/" + id, "{\"keywords\":{\"green\":true}}"));
            case 1 -> expect(200, api.send("PATCH", "/messages/" + id, json("mailboxId", target)));
            case 2 -> {
                expect(204, api.delete("/messages/" + id + "?permanent=true"));
                yield JSON.nullNode();
            }
            default -> expect(200, api.get("/messages/" + id));
        };
    }

    // --- comparison

    void compareAll() throws IOException {
        for (var path : List.copyOf(model.mailboxes.keySet())) {
            compare(path);
        }
        compareCounts();
    }

    /** The model, the gateway and a client that opens the mailbox now see the same. */
    private void compare(String path) throws IOException {
        var expected = new TreeMap<String, Set<String>>();
        model.at(path).values().forEach(it -> expected.put(it.messageId, it.keywords));
        var theirs = new TreeMap<String, Set<String>>();
        var look = other.look(path);
        look.forEach(it -> theirs.put(it.messageId(), it.keywords()));
        same(path + " as the second client sees it", expected, theirs);
        same(path + " has each message once", expected.size(), look.size());
        int limit = 1 + random.nextInt(40);
        var ours = new ArrayList<String>();
        String cursor = null;
        do {
            var query = "?limit=" + limit + (cursor == null ? "" : "&cursor=" + cursor);
            var page = expect(200, api.get("/mailboxes/" + id(path) + "/messages" + query));
            for (var row : page.path("items")) {
                ours.add(row(path, row).messageId);
            }
            cursor = text(page, "nextCursor");
        } while (cursor != null);
        same(path + " as the gateway lists it", List.copyOf(expected.keySet()), sorted(ours));
    }

    private void compareCounts() throws IOException {
        if (without.contains("counts")) {
            return;
        }
        var expected = new TreeMap<String, String>();
        model.mailboxes.forEach((path, letters) ->
                expected.put(
                        path,
                        letters.size()
                                + " with unread "
                                + letters.values().stream()
                                        .filter(it -> !it.keywords.contains("$seen"))
                                        .count()));
        var deadline = Instant.now().plus(OLDEST_LIST);
        var counted = counts();
        for (boolean late = false; !counted.keySet().equals(expected.keySet()) && !late; ) {
            late = Instant.now().isAfter(deadline);
            counted = counts();
        }
        same("counts", expected, counted);
    }

    private Map<String, String> counts() throws IOException {
        var counts = new TreeMap<String, String>();
        for (var mailbox : mailboxes()) {
            counts.put(
                    mailbox.path("path").asString(),
                    mailbox.path("totalMessages").asString("-")
                            + " with unread "
                            + mailbox.path("unreadMessages").asString("-"));
        }
        return counts;
    }

    // --- the gateway's ids

    private JsonNode mailboxes() throws IOException {
        return api.get("/mailboxes").expect(200).json().path("items");
    }

    private Map<String, String> paths() throws IOException {
        var paths = new HashMap<String, String>();
        for (var mailbox : mailboxes()) {
            paths.put(mailbox.path("id").asString(), mailbox.path("path").asString());
        }
        return paths;
    }

    private String id(String path) throws IOException {
        var deadline = Instant.now().plus(OLDEST_LIST);
        for (boolean late = false; !ids.containsKey(path) && !late; ) {
            late = Instant.now().isAfter(deadline);
            paths().forEach((id, it) -> ids.put(it, id));
        }
        var id = ids.get(path);
        if (id == null) {
            throw new AssertionError("the gateway does not list " + path);
        }
        return id;
    }

    private String id(At at) throws IOException {
        if (at.letter.id == null) {
            learn(at.path);
        }
        return requireNonNull(at.letter.id, at::toString);
    }

    /** Learns the ids of all messages in a mailbox. */
    private void learn(String path) throws IOException {
        var list = expect(200, api.get("/mailboxes/" + id(path) + "/messages?limit=1000"));
        var rows = new ArrayList<String>();
        for (var row : list.path("items")) {
            rows.add(row(path, row).messageId);
        }
        same("the list of " + path, List.copyOf(model.at(path).keySet()), sorted(rows));
    }

    private String formerId() {
        // the last ones more often: connections may not have heard of them yet
        int size = model.formerIds.size();
        int from = chance(2) ? Math.max(0, size - 5) : 0;
        return model.formerIds.get(from + random.nextInt(size - from));
    }

    // --- chance

    private record At(String path, Letter letter) {
        @Override
        public String toString() {
            return letter.messageId + " in " + path;
        }
    }

    private boolean full() {
        return model.size() >= MAX_MESSAGES;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String anyPath() {
        return pick(List.copyOf(model.mailboxes.keySet()));
    }

    /** A mailbox with messages where there is one: the more of them, the more often. */
    private String filledPath() {
        var at = anyLetter();
        return at == null ? anyPath() : at.path;
    }

    private @Nullable At anyLetter() {
        var all = new ArrayList<At>();
        model.mailboxes.forEach(
                (path, letters) -> letters.values().forEach(it -> all.add(new At(path, it))));
        return all.isEmpty() ? null : pick(all);
    }

    private Set<String> some(String path, int most) {
        var all = new ArrayList<>(model.at(path).keySet());
        Collections.shuffle(all, random);
        return new TreeSet<>(all.subList(0, Math.min(all.size(), 1 + random.nextInt(most))));
    }

    private Letter letter(String path, String messageId) {
        return requireNonNull(model.at(path).get(messageId));
    }

    /** A mailbox that has none of these messages; null where there is none. */
    private @Nullable String without(String path, Collection<String> messageIds) {
        var candidates =
                model.mailboxes.keySet().stream()
                        .filter(it -> !it.equals(path))
                        .filter(it -> Collections.disjoint(model.at(it).keySet(), messageIds))
                        .toList();
        return candidates.isEmpty() ? null : pick(candidates);
    }

    /** A mailbox without a role, or null. */
    private @Nullable String ownMailbox() {
        var own =
                model.mailboxes.keySet().stream()
                        .filter(it -> !roles.containsValue(it))
                        .filter(it -> it.contains("box"))
                        .toList();
        return own.isEmpty() ? null : pick(own);
    }

    private String newName() {
        return "box" + (uidValidityIsNew ? 1 + random.nextInt(12) : ++numbers);
    }

    private Set<String> someKeywords() {
        return KEYWORDS.stream()
                .filter(_ -> chance(4))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Letter letter(String path, boolean withOctets) {
        int number = ++numbers;
        var messageId = "<%d.%d@example.org>".formatted(number, seed);
        var others = List.copyOf(model.at(path).values());
        var answered = others.isEmpty() || !chance(3) ? null : pick(others);
        var word = pick(WORDS);
        var subject =
                answered == null
                        ? pick(WORDS) + " and " + pick(WORDS) + " " + number
                        : answered.subject.startsWith("Re: ")
                                ? answered.subject
                                : "Re: " + answered.subject;
        var parent = answered == null ? null : answered.messageId;
        boolean hasFile = withOctets && chance(4);
        var octets = withOctets ? octets(number, messageId, subject, word, hasFile, parent) : null;
        return new Letter(messageId, subject, word, hasFile, parent, octets);
    }

    private byte[] octets(
            int number,
            String messageId,
            String subject,
            String word,
            boolean hasFile,
            @Nullable String parent) {
        var head =
                """
                From: Sender %d <sender%d@example.org>
                To: Bob <bob@example.org>
                Subject: %s
                Date: %s
                Message-ID: %s
                %sMIME-Version: 1.0
                """
                        .formatted(
                                number % 7,
                                number % 7,
                                subject,
                                date(),
                                messageId,
                                parent == null
                                        ? ""
                                        : "In-Reply-To: "
                                                + parent
                                                + "\nReferences: "
                                                + parent
                                                + "\n");
        var text = (word + " grows. ").repeat(1 + random.nextInt(40)).replace(". ", ".\n");
        var body =
                hasFile
                        ? """
                        Content-Type: multipart/mixed; boundary=m

                        --m
                        Content-Type: text/plain; charset=us-ascii

                        %s
                        --m
                        Content-Type: application/pdf; name=plan.pdf
                        Content-Disposition: attachment; filename=plan.pdf
                        Content-Transfer-Encoding: base64

                        JVBERi0xLjQK
                        --m--
                        """
                                .formatted(text)
                        : "Content-Type: text/plain; charset=us-ascii\n\n" + text;
        return (head + body).replace("\n", "\r\n").getBytes(US_ASCII);
    }

    private String date() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochSecond(1_700_000_000L + random.nextInt(50_000_000))
                        .atOffset(ZoneOffset.UTC));
    }

    private String newMessage(Letter letter, @Nullable Set<String> keywords) {
        var message = new LinkedHashMap<String, Object>();
        message.put("internetMessageId", bare(letter.messageId));
        message.put("subject", letter.subject);
        message.put("text", letter.word + " grows.");
        message.put("from", List.of(Map.of("email", "bob@example.org")));
        var answers = letter.answers;
        if (answers != null) {
            message.put("inReplyTo", List.of(bare(answers)));
            message.put("references", List.of(bare(answers)));
        }
        if (keywords != null && keywords.isEmpty()) {
            // an empty object is as good as none, which means the flags of a draft
            message.put("keywords", Map.of("$seen", false));
        } else if (keywords != null && !keywords.equals(Set.of("$draft", "$seen"))) {
            message.put(
                    "keywords", keywords.stream().collect(Collectors.toMap(it -> it, _ -> true)));
        }
        return json(message);
    }

    private static String bare(String messageId) {
        return messageId.substring(1, messageId.length() - 1);
    }

    // --- words for it

    private void note(String what) {
        log.add("    " + what);
    }

    private static JsonNode expect(int status, HttpApi.Answer answer) {
        answer.expect(status);
        return status == 204 ? JSON.nullNode() : answer.json();
    }

    private static void that(boolean holds, @Nullable String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static void same(String what, Object expected, @Nullable Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ":\n  expected " + expected + "\n  is       " + actual);
        }
    }

    private static @Nullable String text(JsonNode json, String name) {
        var value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return name.equals("internetMessageId") ? "<" + value.asString() + ">" : value.asString();
    }

    private static Set<String> keywords(JsonNode json) {
        var keywords = new TreeSet<String>();
        json.path("keywords")
                .properties()
                .forEach(it -> {
                    if (it.getValue().asBoolean()) {
                        keywords.add(it.getKey());
                    }
                });
        return keywords;
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }

    private static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    private static String json(String name, Object value) {
        return json(Map.of(name, value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
