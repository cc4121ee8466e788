package postern.contract;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import postern.contract.ContractRequest.Credentials;
import postern.contract.Expectation.Success;
import postern.samplemail.SampleKind;
import postern.samplemail.SampleMail;
import tools.jackson.databind.JsonNode;

/** Random requests to one account, one after another. */
final class AccountRun {

    private static final double BROKEN = 0.4;
    private static final double NEXT_PAGE = 0.3;
    private static final int LISTED = 2;
    private static final int READ = 4;
    private static final int INJECTED = 6;
    private static final Set<String> ENDLESS = Set.of("streamEvents", "openEventsLink");
    private static final SampleMail MAIL = new SampleMail(1);

    /** GreenMail searches no mailbox that has a message of the one that is missing. */
    private static final List<SampleKind> KINDS =
            Arrays.stream(SampleKind.values())
                    .filter(it -> it != SampleKind.UNKNOWN_CHARSET)
                    .toList();

    private final Contract contract;
    private final GatewayClient client;
    private final String user;
    private final String password;
    private final BiConsumer<ContractRequest, ContractAnswer> check;
    private final AccountContents contents = new AccountContents();
    private final RequestGenerator generator;
    private final BrokenRequests broken;
    private @Nullable ContractRequest previous;

    AccountRun(
            Contract contract,
            GatewayClient client,
            String user,
            String password,
            BiConsumer<ContractRequest, ContractAnswer> check) {
        this.contract = contract;
        this.client = client;
        this.user = user;
        this.password = password;
        this.check = check;
        this.generator = new RequestGenerator(contract, contents, user, password);
        this.broken = new BrokenRequests(contract, generator, contents);
    }

    /** Puts mailboxes with messages of all kinds into an empty account. */
    void furnish() {
        logIn();
        for (var role : List.of("drafts", "sent", "trash", "junk", "archive")) {
            send("createMailbox", draft -> draft.json = json("{\"role\": \"%s\"}".formatted(role)));
        }
        send("createMailbox", draft -> draft.json = json("{\"name\": \"Work\"}"));
        send("createMailbox", draft -> draft.json = json("{\"path\": \"Work.Invoices\"}"));
        int index = 0;
        for (var kind : KINDS) {
            var octets = MAIL.message(index, kind).octets();
            var mailbox = List.of("inbox", "inbox", "drafts", "archive").get(index++ % 4);
            send(
                    "createMessage",
                    draft -> {
                        draft.path.put("mailboxId", mailbox);
                        draft.type = "message/rfc822";
                        draft.octets = octets;
                    });
        }
    }

    private void logIn() {
        var login =
                Contract.JSON.createObjectNode().put("username", user).put("password", password);
        var answer = send("createSession", draft -> draft.json = login);
        client.token(answer.json().path("token").asString());
    }

    /** Sends a random request. */
    void step(Dice dice) {
        if (contents.stale() || contents.messagesWithParts().isEmpty()) {
            lookAround(dice);
        }
        var possible =
                contract.operations().stream()
                        .filter(it -> !ENDLESS.contains(it.id()))
                        .filter(generator::possible)
                        .toList();
        var operation = dice.pick(possible);
        send(request(operation, dice));
    }

    /** Sends some requests of this operation, each with a hostile text in one of its places. */
    void inject(ContractOperation operation, Dice dice) {
        for (int i = 0; i < INJECTED; i++) {
            if (contents.stale() || contents.messagesWithParts().isEmpty()) {
                lookAround(dice);
            }
            if (generator.possible(operation) && !ENDLESS.contains(operation.id())) {
                var draft = InjectedTexts.into(generator.valid(operation, dice), dice);
                send(draft.expecting(new Success(Set.of())));
            }
        }
    }

    private ContractRequest request(ContractOperation operation, Dice dice) {
        var next = contents.nextPages(operation.id());
        if (!next.isEmpty() && dice.happens(NEXT_PAGE)) {
            return generator.next(dice.pick(next));
        }
        var draft = generator.valid(operation, dice);
        var allowed = AllowedProblems.of(draft);
        // what may be refused anyway would be refused for that first
        if (dice.happens(BROKEN) && !allowed.contains("invalid-request")) {
            var request = broken.of(draft, dice);
            if (request.isPresent()) {
                return request.get();
            }
            draft = generator.valid(operation, dice);
            allowed = AllowedProblems.of(draft);
        }
        return draft.expecting(new Success(allowed));
    }

    /** Lists again what is there. */
    private void lookAround(Dice dice) {
        contents.clear();
        send("listMailboxes", _ -> {});
        var mailboxes = dice.some(contents.mailboxes(), LISTED);
        mailboxes.addFirst(contents.mailbox("inbox").orElseThrow());
        for (var mailbox : mailboxes) {
            send(
                    "listMessages",
                    draft -> {
                        draft.path.put("mailboxId", mailbox.id());
                        draft.setQuery("withState", List.of("true"));
                    });
        }
        send("listThreads", draft -> draft.path.put("mailboxId", "inbox"));
        if (contents.messages().size() < READ) {
            furnishAgain();
        }
        for (int i = 0; i < READ; i++) {
            var message = dice.pick(contents.messages());
            send("getMessage", draft -> draft.path.put("messageId", message));
        }
        var linked = dice.pick(contents.messages());
        send(
                "createLinks",
                draft -> {
                    draft.path.put("messageId", linked);
                    draft.json = json("{\"items\": [{\"file\": \"message\"}]}");
                });
    }

    private void furnishAgain() {
        KINDS.stream()
                .limit(READ * 2L)
                .forEach(kind ->
                        send(
                                "createMessage",
                                draft -> {
                                    draft.path.put("mailboxId", "inbox");
                                    draft.type = "message/rfc822";
                                    draft.octets = MAIL.message(kind.ordinal(), kind).octets();
                                }));
    }

    private ContractAnswer send(String id, Consumer<RequestDraft> fill) {
        var draft = new RequestDraft(contract.operation(id));
        fill.accept(draft);
        if (draft.json != null) {
            draft.type = "application/json";
        }
        return send(draft.expecting(new Success(Set.of())));
    }

    private ContractAnswer send(ContractRequest request) {
        var answer = answer(request);
        previous = request;
        check.accept(request, answer);
        contents.learn(request, answer);
        boolean ended = request.operation().id().equals("endSession") && answer.status() == 204;
        if (ended && request.credentials() == Credentials.OWN) {
            client.token(null);
            logIn();
        }
        return answer;
    }

    private ContractAnswer answer(ContractRequest request) {
        try {
            return client.send(request);
        } catch (UncheckedIOException e) {
            throw new AssertionError("no answer to " + request + "\n  after " + previous, e);
        }
    }

    private static JsonNode json(String text) {
        return Contract.JSON.readTree(text);
    }
}
