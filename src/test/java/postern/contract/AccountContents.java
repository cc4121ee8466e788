package postern.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What an account has in it, as far as the gateway's answers have told. */
final class AccountContents {

    private static final int MOST = 60;

    /** A mailbox that can hold messages. */
    record KnownMailbox(String id, String name, String path, String role) {}

    /** A list that goes on. */
    record NextPage(ContractRequest request, String cursor) {}

    private final List<KnownMailbox> mailboxes = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private final Map<String, List<String>> parts = new LinkedHashMap<>();
    private final Map<String, String> etags = new LinkedHashMap<>();
    private final List<String> threads = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> subscriptions = new ArrayList<>();
    private final List<NextPage> nextPages = new ArrayList<>();
    private final List<String> states = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();
    private boolean stale = true;

    List<KnownMailbox> mailboxes() {
        return mailboxes;
    }

    Optional<KnownMailbox> mailbox(String id) {
        return mailboxes.stream()
                .filter(it -> it.id().equals(id) || it.role().equals(id))
                .findFirst();
    }

    List<String> messages() {
        return messages;
    }

    /** The messages whose structure is known. */
    List<String> messagesWithParts() {
        return List.copyOf(parts.keySet());
    }

    List<String> parts(String message) {
        return parts.getOrDefault(message, List.of());
    }

    Optional<String> etag(String message) {
        return Optional.ofNullable(etags.get(message));
    }

    List<String> threads() {
        return threads;
    }

    List<String> links() {
        return links;
    }

    List<String> subscriptions() {
        return subscriptions;
    }

    /** States of mailboxes. */
    List<String> states() {
        return states;
    }

    List<NextPage> nextPages(String operation) {
        return nextPages.stream()
                .filter(it -> it.request().operation().id().equals(operation))
                .toList();
    }

    /** Ids of messages that are no longer there. */
    List<String> gone() {
        return gone;
    }

    /** Whether something may have happened to what is known. */
    boolean stale() {
        return stale;
    }

    /** Before everything is listed again. */
    void clear() {
        mailboxes.clear();
        messages.clear();
        parts.clear();
        etags.clear();
        threads.clear();
        links.clear();
        nextPages.clear();
        states.clear();
        stale = false;
    }

    void learn(ContractRequest request, ContractAnswer answer) {
        if (answer.status() >= 300) {
            return;
        }
        switch (request.operation().id()) {
            case "listMailboxes" -> learnMailboxes(answer.json());
            case "listMessages", "searchMessages" -> learnMessages(request, answer.json());
            case "listThreads" -> learnThreads(request, answer.json());
            case "getMessage" -> learnMessage(answer);
            case "createLinks" ->
                    answer.json().path("items").forEach(it -> learnLink(it.path("url").asString()));
            case "createMessage",
                    "createMessageWithFiles",
                    "createReply",
                    "createForward",
                    "editAsNew" ->
                    learnNew(answer);
            case "deleteMessage" -> {
                var id = request.path().getOrDefault("messageId", "");
                forget(id);
                keep(gone, id);
            }
            case "updateMessage", "replaceDraft", "sendMessage", "markSent" ->
                    forget(request.path().getOrDefault("messageId", ""));
            case "deleteMailbox", "updateMailbox", "emptyMailbox", "batchMessages" -> stale = true;
            case "createSubscription" -> subscriptions.add(answer.json().get("id").asString());
            case "deleteSubscription" ->
                    subscriptions.remove(request.path().getOrDefault("subscriptionId", ""));
            case "endSession" -> {
                links.clear();
                subscriptions.clear();
            }
            default -> {
                // nothing that requests could be made of
            }
        }
    }

    private void learnMailboxes(JsonNode list) {
        mailboxes.clear();
        for (var mailbox : list.path("items")) {
            if (mailbox.path("selectable").asBoolean()) {
                mailboxes.add(
                        new KnownMailbox(
                                mailbox.path("id").asString(),
                                mailbox.path("name").asString(),
                                mailbox.path("path").asString(),
                                mailbox.path("role").asString("")));
            }
        }
    }

    private void learnMessages(ContractRequest request, JsonNode page) {
        page.path("items").forEach(it -> keep(messages, it.path("id").asString()));
        if (page.has("state")) {
            keep(states, page.path("state").asString());
        }
        learnCursor(request, page);
    }

    private void learnThreads(ContractRequest request, JsonNode page) {
        page.path("items").forEach(it -> keep(threads, it.path("id").asString()));
        learnCursor(request, page);
    }

    private void learnCursor(ContractRequest request, JsonNode page) {
        if (page.has("nextCursor")) {
            keep(nextPages, new NextPage(request, page.path("nextCursor").asString()));
        }
    }

    private void learnMessage(ContractAnswer answer) {
        var message = answer.json();
        var id = message.path("id").asString();
        var found = new ArrayList<String>();
        collectParts(message.path("structure"), found);
        if (messages.contains(id) && !found.isEmpty()) {
            parts.put(id, found);
            answer.header("ETag").ifPresent(tag -> etags.put(id, tag));
        }
    }

    private static void collectParts(JsonNode part, List<String> found) {
        if (part.has("partId")) {
            found.add(part.path("partId").asString());
        }
        // GreenMail fetches no part of a message within a message
        if (!part.path("type").asString().equals("message/rfc822")) {
            part.path("subParts").forEach(it -> collectParts(it, found));
        }
    }

    private void learnLink(String url) {
        keep(links, url.substring(url.lastIndexOf('/') + 1));
    }

    private void learnNew(ContractAnswer answer) {
        if (answer.header("Idempotency-Replayed").isEmpty() && answer.json().has("id")) {
            keep(messages, answer.json().path("id").asString());
        }
    }

    private void forget(String message) {
        messages.remove(message);
        parts.remove(message);
        etags.remove(message);
        threads.clear(); // it may have been the only one of its thread
    }

    /** Adds it once, and drops the oldest beyond a bound. */
    private static <T> void keep(List<T> list, T item) {
        if (!list.contains(item)) {
            list.add(item);
            if (list.size() > MOST) {
                list.removeFirst();
            }
        }
    }
}
