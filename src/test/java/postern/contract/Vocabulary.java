package postern.contract;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.testserver.WebhookReceiver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Values for what no schema can tell: the ids of this account, and texts of which the contract says
 * in words what they are.
 */
final class Vocabulary {

    private static final List<String> ADDRESSES =
            List.of("ada@example.org", "a..b@example.org", "o'neil+x@sub.example.org");

    /** GreenMail reads these as addresses, and fails on some that are none. */
    private static final List<String> SEARCHED =
            List.of("ada", "example.org", "ada@example.org", "a".repeat(60));

    private static final List<String> LINES = List.of("tea", "Größe", "日本 😀", " a b ", "%_\\\"*");
    private static final List<String> MOMENTS =
            List.of(
                    "2025-01-01",
                    "2024-02-29",
                    "1970-01-01T00:00:00Z",
                    "2025-06-01t12:30:00.123456789z",
                    "2025-01-02T23:59:59+14:00");
    private static final List<String> TIMES =
            List.of(
                    "2026-03-01T12:00:00Z",
                    "2024-02-29T00:00:00.5+01:00",
                    "1999-12-31T23:59:59-08:00",
                    "2026-01-01t00:00:00z");

    private final AccountContents contents;
    private final String user;
    private final String password;
    private final Dice dice;
    private final String message;

    /**
     * @param message the message that the request is about
     */
    Vocabulary(AccountContents contents, String user, String password, Dice dice, String message) {
        this.contents = contents;
        this.user = user;
        this.password = password;
        this.dice = dice;
        this.message = message;
    }

    /** Null where the schema says all. */
    @Nullable JsonNode value(String owner, String name) {
        if (name.equals("larger") || name.equals("smaller")) {
            // GreenMail reads no larger number
            return JsonNodeFactory.instance.numberNode(dice.pick(0, 100, Integer.MAX_VALUE));
        }
        if (name.equals("waitSeconds")) {
            return JsonNodeFactory.instance.numberNode(dice.pick(0, 0, 0, 0, 1));
        }
        var text = text(owner, name);
        return text == null ? null : JsonNodeFactory.instance.stringNode(text);
    }

    private @Nullable String text(String owner, String name) {
        return switch (name) {
            case "mailboxId", "mailboxIds", "moveTo", "copyTo", "parentId" -> mailbox();
            case "messageId", "answers", "forwards" -> message;
            case "mailFrom", "rcptTo" -> dice.pick(ADDRESSES);
            case "subscriptionId" ->
                    contents.subscriptions().isEmpty()
                            ? "sub_4GvGZ1k0vJ3o2m7Nw9aBcQ"
                            : dice.pick(contents.subscriptions());
            case "until" -> Instant.now().plusSeconds(3600).toString();
            case "ids" ->
                    owner.equals("BatchRequest") || owner.equals("MessagesRequest")
                            ? dice.pick(contents.messages())
                            : null;
            case "states name" -> mailboxId();
            case "states value" -> dice.pick(contents.states());
            case "threadId" -> dice.pick(contents.threads());
            case "token" -> dice.pick(contents.links());
            case "partId" -> dice.pick(contents.parts(message));
            case "identifier" -> dice.pick("bob", "anyone", "a/b", "Größe");
            case "since" ->
                    Set.of("listChanges", "ChangesRequest", "EventsLinkRequestItem").contains(owner)
                            ? dice.pick(contents.states())
                            : dice.pick(MOMENTS);
            case "before", "sentSince", "sentBefore" -> dice.pick(MOMENTS);
            case "receivedAt", "sentAt" -> dice.pick(TIMES);
            // before the end of any session
            case "expiresAt" -> Instant.now().plusSeconds(600).toString();
            case "accessTokenExpiresAt" -> "2999-01-01T00:00:00Z";
            case "Range" -> dice.pick("bytes=0-", "bytes=0-9", "bytes=-5", "bytes=2-3,5-6", "x=1");
            case "If-Range", "If-None-Match" -> dice.pick("\"x\"", etag());
            case "If-Match" -> dice.pick("*", "\"x\"", etag());
            default -> textOf(owner, name);
        };
    }

    private @Nullable String textOf(String owner, String name) {
        return switch (owner + "." + name) {
            case "SearchFilter.from",
                    "SearchFilter.to",
                    "SearchFilter.cc",
                    "SearchFilter.bcc",
                    "listMessages.from",
                    "listMessages.to",
                    "listThreads.from",
                    "listThreads.to" ->
                    dice.pick(SEARCHED);
            case "MessagesRequest.headerFields",
                    "SearchRequest.headerFields",
                    "listMessages.headerFields" ->
                    dice.pick("List-Id", "received", "X_1");
            case "SearchFilter.internetMessageId" -> dice.pick("1@example.org", "<a b@ü>", "x");
            case "SearchHeader.value" -> dice.pick("news", "Größe", "a".repeat(500));
            case "SearchHeader.name" -> dice.pick("List-Id", "x".repeat(100), "!");
            case "ReceiptRequest.from", "UnsubscribeRequest.from" -> user + "@example.org";
            case "EmailAddress.email", "ReplyRequest.ownAddresses" -> dice.pick(ADDRESSES);
            case "EmailAddress.name", "HeaderField.value" -> dice.pick(LINES);
            case "HeaderField.name" -> dice.pick("X-Test", "List-Id", "x-a");
            case "MessageRequest.inReplyTo", "MessageRequest.references" ->
                    dice.pick("1@example.org", "<2@example.org>");
            case "SubscriptionRequest.url", "SubscriptionUpdate.url" ->
                    WebhookReceiver.common().hook("contract").url()
                            + dice.pick("", "?a=%20b", "?q=" + "x".repeat(1_000));
            case "AttachmentSource.type" -> dice.pick("application/pdf", "text/plain");
            case "DiscoveryRequest.email" ->
                    dice.pick("anne@gmail.com", "anne@example.com", "a.b@web.de");
            case "Login.username" -> user;
            case "Login.password" -> password;
            case "Login.server" -> "default";
            case "MailboxRequest.name", "MailboxPatch.name" -> mailboxName();
            case "MailboxRequest.path" -> mailboxName() + "." + mailboxName();
            case "MessageRequest.internetMessageId" -> dice.pick("3@example.org", "<4@[::1]>", "x");
            case "RightsRequest.letters" -> dice.pick("", "lr", "lrswi");
            case "emptyMailbox.confirm" -> "Trash";
            default -> null;
        };
    }

    /** A role is no key of a map of ids. */
    private String mailboxId() {
        return dice.pick(contents.mailboxes()).id();
    }

    private String mailbox() {
        var mailbox = dice.pick(contents.mailboxes());
        return !mailbox.role().isEmpty() && dice.happens(0.3) ? mailbox.role() : mailbox.id();
    }

    private String mailboxName() {
        return dice.pick("Work", "Rechnungen", "日本", "Größe", "a b", "x&y", "50% *")
                + dice.between(1, 30);
    }

    private String etag() {
        return contents.etag(message).orElse("\"7-4-41\"");
    }
}
