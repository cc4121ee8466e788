package postern.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import postern.contract.ContractOperation.Parameter;
import postern.contract.ContractOperation.Place;
import postern.contract.ContractRequest.Credentials;
import postern.contract.Expectation.Refusal;

/** Breaks a valid request in one place. */
final class BrokenRequests {

    private final Contract contract;
    private final RequestGenerator generator;
    private final AccountContents contents;

    BrokenRequests(Contract contract, RequestGenerator generator, AccountContents contents) {
        this.contract = contract;
        this.generator = generator;
        this.contents = contents;
    }

    /** Empty where this request cannot be broken in the way that was chosen. */
    Optional<ContractRequest> of(RequestDraft draft, Dice dice) {
        int chosen = dice.between(0, 99);
        if (draft.json != null && chosen < 60) {
            return brokenBody(draft, dice);
        }
        if (!draft.operation.parameters().isEmpty() && chosen < 80) {
            return brokenParameter(draft, dice.pick(draft.operation.parameters()), dice);
        }
        return switch (chosen % 6) {
            case 0 -> unknownParameter(draft);
            case 1 -> missingParameter(draft, dice);
            case 2 -> wrongType(draft, dice);
            case 3 -> noJson(draft, dice);
            case 4 -> credentials(draft, dice);
            default -> unknownId(draft, dice);
        };
    }

    private Optional<ContractRequest> brokenBody(RequestDraft draft, Dice dice) {
        var bodies = new BrokenBodies(contract, generator.values(dice), dice);
        return bodies.of(requireNonNull(draft.json), generator.schema(draft))
                .map(broken -> {
                    draft.json = broken.body();
                    return draft.expecting(broken.refusal());
                });
    }

    private Optional<ContractRequest> brokenParameter(
            RequestDraft draft, Parameter parameter, Dice dice) {
        return switch (parameter.place()) {
            case PATH -> Optional.of(brokenPath(draft, parameter.name(), dice));
            case HEADER -> brokenHeader(draft, parameter.name(), dice);
            case QUERY -> brokenQuery(draft, parameter, dice);
        };
    }

    private static ContractRequest brokenPath(RequestDraft draft, String name, Dice dice) {
        var text = dice.pick("a b", "ä", "~", "0", "A", "a\u0000b", "a%b", "a/b", "a\\b");
        draft.path.put(name, text);
        boolean namesSomebody = draft.path.containsKey("identifier");
        if (namesSomebody) {
            // any identifier may be one that the mail server knows
            draft.path.put("mailboxId", text);
        }
        boolean ambiguous = text.matches("a[%/\\\\]b") && !namesSomebody;
        return draft.expecting(
                new Refusal(
                        name + " is " + BadValues.quoted(text),
                        ambiguous || text.contains("\u0000") ? 400 : 404,
                        null));
    }

    private static Optional<ContractRequest> brokenHeader(
            RequestDraft draft, String name, Dice dice) {
        var text =
                switch (name) {
                    case "Idempotency-Key" -> dice.pick("", "x".repeat(256));
                    case "Range" ->
                            dice.pick("bytes=5-2", "bytes", "x", "bytes=a-b", "bytes=-", "");
                    default -> null; // any text is a tag that is another one
                };
        // GreenMail cannot read some messages, which shows first
        if (text == null || draft.operation.id().equals("openLink")) {
            return Optional.empty();
        }
        draft.headers.clear(); // other conditions might decide first
        draft.headers.put(name, text);
        return Optional.of(
                draft.expecting(Refusal.ofParameter(name, "is " + BadValues.quoted(text))));
    }

    private Optional<ContractRequest> brokenQuery(
            RequestDraft draft, Parameter parameter, Dice dice) {
        var schema = contract.resolve(parameter.schema());
        boolean list = schema.has("items");
        var bad =
                new ArrayList<>(
                        BadValues.texts(list ? contract.resolve(schema.path("items")) : schema));
        if (list) {
            bad.removeIf(
                    it -> it.value().asString().isEmpty() || it.value().asString().contains(","));
        }
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        var chosen = dice.pick(bad);
        var texts = new ArrayList<String>();
        if (list && dice.happens(0.5)) {
            generator
                    .values(dice)
                    .value(schema, draft.operation.id(), parameter.name())
                    .forEach(it -> texts.add(it.asString()));
        }
        texts.add(list && dice.happens(0.2) ? "," : chosen.value().asString());
        draft.setQuery(parameter.name(), texts);
        if (texts.getLast().equals(",")) {
            draft.query.put(parameter.name(), List.of("", ""));
        }
        return Optional.of(draft.expecting(Refusal.ofParameter(parameter.name(), chosen.what())));
    }

    private static Optional<ContractRequest> unknownParameter(RequestDraft draft) {
        draft.setQuery("nonsense", List.of("1"));
        return Optional.of(draft.expecting(Refusal.ofParameter("nonsense", "is unknown")));
    }

    private static Optional<ContractRequest> missingParameter(RequestDraft draft, Dice dice) {
        var required =
                draft.operation.parameters().stream()
                        .filter(it -> it.required() && it.place() == Place.QUERY)
                        .toList();
        if (required.isEmpty()) {
            return Optional.empty();
        }
        var name = dice.pick(required).name();
        draft.query.remove(name);
        return Optional.of(draft.expecting(Refusal.ofParameter(name, "is missing")));
    }

    private static Optional<ContractRequest> wrongType(RequestDraft draft, Dice dice) {
        if (draft.type == null) {
            return Optional.empty();
        }
        draft.type =
                dice.pick(
                        "text/plain",
                        "application/xml",
                        "application/yaml",
                        "image/png",
                        "application/x-www-form-urlencoded");
        return Optional.of(draft.expecting(new Refusal("body is " + draft.type, 415, null)));
    }

    private static Optional<ContractRequest> noJson(RequestDraft draft, Dice dice) {
        if (draft.json == null || RequestDraft.MULTIPART.equals(draft.type)) {
            return Optional.empty();
        }
        var text =
                dice.pick("", "{", "nonsense", "{\"a\": 1,}", "\u0000", draft.json + " {}", "null");
        draft.json = null;
        draft.octets = text.getBytes(UTF_8);
        return Optional.of(draft.expecting(Refusal.at("", "is " + BadValues.quoted(text))));
    }

    private static Optional<ContractRequest> credentials(RequestDraft draft, Dice dice) {
        if (!draft.operation.secured()) {
            return Optional.empty();
        }
        draft.credentials = dice.pick(Credentials.NONE, Credentials.BROKEN);
        return Optional.of(
                draft.expecting(new Refusal("credentials are " + draft.credentials, 401, null)));
    }

    private Optional<ContractRequest> unknownId(RequestDraft draft, Dice dice) {
        // a link is made without a look at the message; the trash and the user's address are looked
        // for first
        boolean looks =
                !List.of("createLinks", "deleteMessage", "redirect").contains(draft.operation.id());
        if (!draft.path.containsKey("messageId") || contents.gone().isEmpty() || !looks) {
            return Optional.empty();
        }
        draft.headers.clear();
        draft.path.put("messageId", dice.pick(contents.gone()));
        return Optional.of(draft.expecting(new Refusal("message is gone", 404, null)));
    }
}
