package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import postern.contract.ContractOperation.Parameter;
import postern.contract.Expectation.Success;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes requests that the contract permits, with ids of what is in the account. */
final class RequestGenerator {

    private static final double OPTIONAL = 0.3;
    private static final String JSON = "application/json";
    private static final String KEY = "Idempotency-Key";
    private static final int LONGEST_KEY = 255;
    private static final String MAIL =
            "Subject: tea\r\nFrom: ada@example.org\r\n\r\ncome to tea\r\n";
    private static final String MBOX = "From ada@example.org Thu Jan  1 12:00:00 2026\n";

    private final Contract contract;
    private final AccountContents contents;
    private final String user;
    private final String password;

    RequestGenerator(Contract contract, AccountContents contents, String user, String password) {
        this.contract = contract;
        this.contents = contents;
        this.user = user;
        this.password = password;
    }

    /** Whether the account has what such a request needs. */
    boolean possible(ContractOperation operation) {
        return !contents.mailboxes().isEmpty()
                && !contents.messagesWithParts().isEmpty()
                && !(operation.has("threadId") && contents.threads().isEmpty())
                && !(operation.has("token") && contents.links().isEmpty());
    }

    SchemaValues values(Dice dice) {
        return new SchemaValues(contract, words(dice), dice);
    }

    private Vocabulary words(Dice dice) {
        var message = dice.pick(contents.messagesWithParts());
        return new Vocabulary(contents, user, password, dice, message);
    }

    RequestDraft valid(ContractOperation operation, Dice dice) {
        var draft = new RequestDraft(operation);
        var values = values(dice);
        body(draft, values, dice);
        for (var parameter : operation.parameters()) {
            if (parameter.required() || (wanted(parameter, draft) && dice.happens(OPTIONAL))) {
                set(
                        draft,
                        parameter,
                        values.value(parameter.schema(), operation.id(), parameter.name()));
            }
        }
        draft.headers.computeIfPresent(KEY, (_, key) -> unique(key, dice));
        contents.mailbox(draft.path.getOrDefault("mailboxId", ""))
                .filter(_ -> operation.has("confirm"))
                .ifPresent(it ->
                        draft.setQuery(
                                "confirm", List.of(dice.happens(0.5) ? it.name() : it.path())));
        return draft;
    }

    /** A key of its own for each request. */
    private static String unique(String key, Dice dice) {
        var unique = dice.between(0L, Long.MAX_VALUE) + key;
        return unique.substring(0, Math.min(LONGEST_KEY, unique.length()));
    }

    /** The request that a list came from, for what follows. */
    ContractRequest next(AccountContents.NextPage next) {
        var request = next.request();
        var draft = new RequestDraft(request.operation());
        draft.path.putAll(request.path());
        draft.headers.putAll(request.headers());
        for (var pair : request.query()) {
            var parts = pair.split("=", 2);
            draft.query.put(parts[0], List.of(parts[1]));
        }
        if (request.json() instanceof ObjectNode json) {
            draft.type = JSON;
            draft.json = json.deepCopy().put("cursor", next.cursor());
        } else {
            draft.setQuery("cursor", List.of(next.cursor()));
        }
        return draft.expecting(new Success(Set.of()));
    }

    private static boolean wanted(Parameter parameter, RequestDraft draft) {
        return switch (parameter.name()) {
            case "cursor" -> false; // see next
            // a composed message has fields for these
            case "keywords",
                    "receivedAt",
                    "mailFrom",
                    "rcptTo",
                    "reports",
                    "allOrNothing",
                    "saveCopy",
                    "answers",
                    "forwards" ->
                    draft.json == null;
            default -> true;
        };
    }

    static void set(RequestDraft draft, Parameter parameter, JsonNode value) {
        switch (parameter.place()) {
            case PATH -> draft.path.put(parameter.name(), value.asString());
            case HEADER -> draft.headers.put(parameter.name(), value.asString());
            case QUERY ->
                    draft.setQuery(
                            parameter.name(),
                            value.isArray()
                                    ? value.valueStream().map(JsonNode::asString).toList()
                                    : List.of(value.asString()));
        }
    }

    private void body(RequestDraft draft, SchemaValues values, Dice dice) {
        var bodies = draft.operation.bodies();
        if (bodies.isEmpty()) {
            return;
        }
        draft.type = dice.pick(new TreeSet<>(bodies.keySet()).stream().toList());
        switch (draft.type) {
            case "message/rfc822" -> draft.octets = MAIL.getBytes(UTF_8);
            case "application/mbox" -> draft.octets = (MBOX + MAIL).getBytes(UTF_8);
            default -> {
                var schema = schema(draft);
                draft.json = values.value(schema, draft.operation.id(), "");
            }
        }
        if (draft.type.equals(RequestDraft.MULTIPART) && draft.json instanceof ObjectNode json) {
            json.putArray("attachments").addObject().put("part", RequestDraft.FILE);
        }
        if (draft.json instanceof ObjectNode json) {
            json.remove("cursor");
            // what is only stored, and what is only sent
            json.remove(
                    draft.operation.id().equals("sendNewMessage")
                            ? List.of("keywords", "receivedAt")
                            : List.of("submission"));
        }
    }

    /** The schema of the JSON in the body; in a form it is that of the message. */
    JsonNode schema(RequestDraft draft) {
        var form = RequestDraft.MULTIPART.equals(draft.type);
        var operation = form ? contract.operation("createMessage") : draft.operation;
        return requireNonNull(operation.bodies().get(form ? JSON : draft.type));
    }
}
