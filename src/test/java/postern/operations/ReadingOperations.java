package postern.operations;

import static postern.operations.Operation.always;
import static postern.operations.Operation.by;
import static postern.operations.Operation.where;
import static postern.operations.OperationContext.that;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/** Listing, searching, reading. */
@NullMarked
final class ReadingOperations {

    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+M8AAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    private static final String PICTURES =
            """
            From: Ada <ada@example.org>
            To: Bob <bob@example.org>
            Subject: pictures
            Date: Mon, 02 Mar 2026 10:00:00 +0000
            Message-ID: <pictures@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/related; boundary=r

            --r
            Content-Type: text/html; charset=utf-8

            <p>About pictures <img src="cid:own@example.org"> <img src="https://elsewhere.example/spy.png"></p>
            --r
            Content-Type: image/png; name=own.png
            Content-ID: <own@example.org>
            Content-Disposition: inline; filename=own.png
            Content-Transfer-Encoding: base64

            %s
            --r--
            """
                    .formatted(PIXEL);

    private ReadingOperations() {}

    static final List<Operation> ALL =
            List.of(
                    always(
                            "listMessages",
                            "list messages",
                            at -> {
                                var id = at.letter("listed");
                                that(
                                        at.list("inbox").get(0).path("id").asString().equals(id),
                                        at.list("inbox"));
                            }),
                    where(
                            trace ->
                                    trace.feature("preview") == Operation.Doer.NATIVE
                                            && trace.at().program().tellsPreview("INBOX"),
                            "listMessages",
                            "show previews",
                            at -> {
                                at.letter("previewed");
                                var items =
                                        at.api()
                                                .get("/mailboxes/inbox/messages?fields=preview")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                var preview = items.get(0).path("preview").asString("");
                                that(preview.contains("About previewed"), items);
                            }),
                    by(
                            "changes",
                            "listChanges",
                            "ask what changed",
                            at -> {
                                var gone = at.letter("gone");
                                var state = at.state("inbox");
                                var added = at.letter("added");
                                at.api()
                                        .delete("/messages/" + gone + "?permanent=true")
                                        .expect(204);
                                var changes =
                                        at.api()
                                                .get("/mailboxes/inbox/changes?since=" + state)
                                                .expect(200)
                                                .json();
                                that(
                                        changes.path("added")
                                                .get(0)
                                                .path("id")
                                                .asString()
                                                .equals(added),
                                        changes);
                                that(
                                        changes.path("removed").get(0).asString().equals(gone),
                                        changes);
                            }),
                    by(
                            "changes",
                            "streamEvents",
                            "be told at once what changed",
                            at -> {
                                var state = at.state("inbox");
                                var added = at.letter("told");
                                try (var events =
                                        at.api().events("/events?mailboxId=inbox&since=" + state)) {
                                    var event = Objects.requireNonNull(events.next());
                                    that(
                                            event.data().at("/added/0/id").asString().equals(added),
                                            event.data());
                                }
                            }),
                    by(
                            "changes",
                            "createEventsLink",
                            "make a link to events",
                            at -> eventsLink(at)),
                    by(
                            "changes",
                            "openEventsLink",
                            "be told by a link",
                            at -> {
                                var url = eventsLink(at);
                                var added = at.letter("told by a link");
                                try (var events = at.api().events(url.substring("/v1".length()))) {
                                    var event = Objects.requireNonNull(events.next());
                                    that(
                                            event.data().at("/added/0/id").asString().equals(added),
                                            event.data());
                                }
                            }),
                    by(
                            "changes",
                            "queryChanges",
                            "ask what changed, by a long state",
                            at -> {
                                var state = at.state("inbox");
                                var changes =
                                        at.api()
                                                .post(
                                                        "/mailboxes/inbox/changes",
                                                        "{'since': '" + state + "'}")
                                                .expect(200)
                                                .json();
                                that(changes.path("added").isEmpty(), changes);
                                that(changes.path("state").asString().equals(state), changes);
                            }),
                    by(
                            "changes",
                            "queryAccountChanges",
                            "ask which mailboxes changed",
                            at -> {
                                var state = at.state("inbox");
                                at.letter("counted");
                                var changes =
                                        at.api()
                                                .post(
                                                        "/changes",
                                                        "{'states': {'inbox': '" + state + "'}}")
                                                .expect(200)
                                                .json();
                                that(
                                        changes.path("changed")
                                                .get(0)
                                                .path("mailboxId")
                                                .asString()
                                                .equals("inbox"),
                                        changes);
                            }),
                    by(
                            "sort",
                            "SORT",
                            "listMessages",
                            "sort a mailbox",
                            at -> {
                                var items =
                                        at.api()
                                                .get("/mailboxes/inbox/messages?sort=subject")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        items.get(0)
                                                        .path("subject")
                                                        .asString()
                                                        .compareToIgnoreCase(
                                                                items.get(1)
                                                                        .path("subject")
                                                                        .asString())
                                                <= 0,
                                        items);
                            }),
                    always(
                            "getMessage",
                            "read a message",
                            at -> {
                                var message =
                                        at.api()
                                                .get(
                                                        "/messages/"
                                                                + at.letter("read")
                                                                + "?include=text,html,headers")
                                                .expect(200)
                                                .json();
                                that(
                                        message.path("text")
                                                .path("content")
                                                .asString()
                                                .contains("About read"),
                                        message);
                            }),
                    always(
                            "getMessages",
                            "read many messages",
                            at -> {
                                at.program()
                                        .append(
                                                "INBOX",
                                                "Subject: news\nList-Id: <news.example.org>\n\n"
                                                        + "from a list\n");
                                var ids = List.of(at.letter("many"), at.id("inbox", "news"));
                                var found =
                                        at.api()
                                                .post(
                                                        "/messages/get",
                                                        ("{\"ids\": [\"%s\", \"%s\"], \"include\":"
                                                                        + " [\"text\"], \"headerFields\":"
                                                                        + " [\"list-id\"]}")
                                                                .formatted(ids.toArray()))
                                                .expect(200)
                                                .json();
                                var items = found.path("items");
                                that(items.size() == 2, found);
                                that(
                                        items.at("/0/text/content")
                                                        .asString()
                                                        .contains("About many")
                                                && items.at("/1/text/content")
                                                        .asString()
                                                        .strip()
                                                        .equals("from a list"),
                                        found);
                                that(
                                        items.at("/0/headers").isEmpty()
                                                && items.at("/1/headers/0/value")
                                                        .asString()
                                                        .equals("<news.example.org>"),
                                        found);
                            }),
                    always(
                            "getMessageHtml",
                            "read a message as a page, with its own picture and none from elsewhere",
                            at -> {
                                at.program().append("INBOX", PICTURES);
                                var id = at.id("inbox", "pictures");
                                var page =
                                        at.api()
                                                .get("/messages/" + id + "/html")
                                                .expect(200)
                                                .text();
                                that(page.contains("About pictures"), page);
                                that(!page.contains("src=\"http"), page);
                                that(!page.contains("cid:"), page);
                                var own = matches("src=\"(parts/[^\"]+)\"", List.of(page));
                                that(own.size() == 1, page);
                                var picture =
                                        at.api()
                                                .get("/messages/" + id + "/" + own.getFirst())
                                                .expect(200);
                                that(
                                        Arrays.equals(
                                                picture.body(), Base64.getDecoder().decode(PIXEL)),
                                        "another picture");
                            }),
                    always(
                            "searchMessages",
                            "search a mailbox",
                            at -> {
                                var id = at.letter("needle");
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'mailboxIds': ['inbox'], 'filter': {'subject': 'needle'}}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        found.size() == 1
                                                && found.get(0).path("id").asString().equals(id),
                                        found);
                            }),
                    always(
                            "searchMessages",
                            "search all mailboxes",
                            at -> {
                                var id = at.letter("haystack");
                                at.api()
                                        .post(
                                                "/messages/" + id + "/copy",
                                                "{'mailboxId': 'archive'}")
                                        .expect(201);
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'filter': {'subject': 'haystack'}}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(found.size() == 2, found);
                            }),
                    where(
                            // A second one may be needed for new mail; searching in parts takes
                            // five.
                            trace -> trace.times("SEARCH") + trace.times("SORT") <= 2,
                            "searchMessages",
                            "search by conditions within conditions",
                            at -> {
                                at.letter("oak leaf");
                                at.letter("oak root");
                                at.letter("elm leaf");
                                at.letter("elm root");
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        """
                                                        {'mailboxIds': ['inbox'], 'filter': {'or': [
                                                          {'subject': 'oak', 'not': {'subject': 'root'}},
                                                          {'subject': 'root', 'not': {'or': [{'subject': 'oak'}, {'subject': 'ash'}]}}]}}
                                                        """)
                                                .expect(200)
                                                .json()
                                                .path("items");
                                var subjects = new TreeSet<String>();
                                found.forEach(it -> subjects.add(it.path("subject").asString()));
                                that(subjects.equals(Set.of("oak leaf", "elm root")), subjects);
                            }),
                    by(
                            "sort",
                            "SORT",
                            "searchMessages",
                            "sort what is found",
                            at -> {
                                var found =
                                        at.api()
                                                .post(
                                                        "/search",
                                                        "{'mailboxIds': ['inbox'], 'filter': {'subject': 'e'}, 'sort': 'subject'}")
                                                .expect(200)
                                                .json()
                                                .path("items");
                                that(
                                        found.size() > 1
                                                && found.get(0)
                                                                .path("subject")
                                                                .asString()
                                                                .compareToIgnoreCase(
                                                                        found.get(1)
                                                                                .path("subject")
                                                                                .asString())
                                                        <= 0,
                                        found);
                            }),
                    by(
                            "threadIds",
                            "threads",
                            "THREAD",
                            "listThreads",
                            "list conversations",
                            at -> {
                                at.letter("talk");
                                at.answer("inbox", "talk", "Re: talk");
                                var threads = threads(at);
                                that(threads.get(0).path("totalMessages").asInt() == 2, threads);
                            }),
                    by(
                            "threads",
                            "getThread",
                            "read a conversation",
                            at -> {
                                var thread = threads(at).get(0);
                                var read =
                                        at.api()
                                                .get("/threads/" + thread.path("id").asString())
                                                .expect(200)
                                                .json();
                                that(read.path("messages").size() == 2, read);
                            }),
                    where(
                            trace -> trace.feature("threadIds") == Operation.Doer.NATIVE,
                            "getThread",
                            "read a conversation that goes on in other mailboxes",
                            at -> {
                                at.letter("chat");
                                at.answer("sent", "chat", "Re: chat");
                                var thread = threads(at).get(0);
                                var read =
                                        at.api()
                                                .get(
                                                        "/threads/"
                                                                + thread.path("id").asString()
                                                                + "?scope=account")
                                                .expect(200)
                                                .json();
                                that(read.path("messages").size() == 2, read);
                            }));

    private static JsonNode threads(OperationContext at) throws IOException {
        return at.api().get("/mailboxes/inbox/threads").expect(200).json().path("items");
    }

    private static List<String> matches(String pattern, List<String> lines) {
        return lines.stream()
                .flatMap(line -> Pattern.compile(pattern).matcher(line).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static String eventsLink(OperationContext at) throws IOException {
        var request =
                "{'mailboxes': [{'mailboxId': 'inbox', 'since': '%s'}]}"
                        .formatted(at.state("inbox"));
        return at.api().post("/events/links", request).expect(200).json().get("url").asString();
    }
}
