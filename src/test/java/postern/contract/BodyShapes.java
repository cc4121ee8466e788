package postern.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which properties of a body go together and which exclude each other. The contract says it in
 * words, since few generators of clients understand {@code oneOf} and {@code not}.
 */
final class BodyShapes {

    /**
     * A permitted combination.
     *
     * @param needed the properties it has
     * @param possible those it may have besides
     * @param fixed the values of some of them
     */
    record Shape(List<String> needed, List<String> possible, Map<String, Object> fixed) {

        private static Shape of(List<String> needed, String... possible) {
            return new Shape(needed, List.of(possible), Map.of());
        }

        private Shape with(String property, Object value) {
            return new Shape(needed, possible, Map.of(property, value));
        }
    }

    private static final Map<String, List<Shape>> PERMITTED =
            Map.of(
                    "SubscriptionRequest",
                    List.of(
                            Shape.of(
                                            List.of("url", "events", "mailboxIds"),
                                            "fields",
                                            "filter",
                                            "until")
                                    .with("events", List.of("message.added", "message.updated")),
                            Shape.of(List.of("url", "events"), "until")
                                    .with("events", List.of("mailbox.changed"))),
                    "BatchRequest",
                    batches(),
                    "MailboxRequest",
                    List.of(
                            Shape.of(List.of("name"), "parentId", "subscribed"),
                            Shape.of(List.of("path"), "subscribed"),
                            Shape.of(List.of("role"), "subscribed").with("role", "junk"),
                            Shape.of(List.of("name", "role"), "subscribed")),
                    "Login",
                    List.of(
                            Shape.of(List.of("username", "password"), "server"),
                            Shape.of(List.of("username", "password"), "actAs"),
                            Shape.of(List.of("username", "accessToken"), "accessTokenExpiresAt")),
                    "RightsRequest",
                    List.of(
                            Shape.of(List.of("letters")),
                            Shape.of(
                                    List.of(),
                                    "mayReadItems",
                                    "mayAddItems",
                                    "mayRemoveItems",
                                    "maySetSeen",
                                    "maySetKeywords",
                                    "mayCreateChild",
                                    "mayRename",
                                    "mayDelete",
                                    "mayAdminister")),
                    "AttachmentSource",
                    List.of(
                            Shape.of(List.of("messageId", "partId"), "name", "type", "cid"),
                            Shape.of(List.of("messageId"), "name", "inline")),
                    "LinkRequestItem",
                    List.of(
                            Shape.of(List.of("file", "partId"), "disposition").with("file", "part"),
                            Shape.of(List.of("file"), "disposition").with("file", "message"),
                            Shape.of(List.of("file"), "disposition").with("file", "attachments")),
                    "EventsLinkRequest",
                    List.of(
                            Shape.of(List.of("mailboxes"), "fields", "lifetimeSeconds"),
                            Shape.of(List.of(), "lifetimeSeconds")),
                    "ReplyRequest",
                    List.of(
                            Shape.of(
                                    List.of(),
                                    "all",
                                    "mailboxId",
                                    "from",
                                    "ownAddresses",
                                    "text",
                                    "html",
                                    "attribution"),
                            Shape.of(List.of("recipients"), "mailboxId", "text", "html")));

    /** Combinations that are refused. */
    private static final Map<String, List<Shape>> REFUSED =
            Map.of(
                    "SubscriptionRequest",
                    List.of(
                            Shape.of(List.of("url", "events"))
                                    .with("events", List.of("message.added")),
                            Shape.of(List.of("url", "events", "mailboxIds"))
                                    .with("events", List.of("mailbox.changed")),
                            Shape.of(List.of("url", "events", "filter"))
                                    .with("events", List.of("mailbox.changed"))),
                    "BatchRequest",
                    List.of(
                            Shape.of(List.of()),
                            Shape.of(List.of("ids")),
                            Shape.of(List.of("keywords")),
                            Shape.of(List.of("filter", "keywords")),
                            Shape.of(List.of("ids", "filter", "keywords")),
                            Shape.of(List.of("ids", "mailboxId", "keywords")),
                            Shape.of(List.of("ids", "limit", "keywords")),
                            Shape.of(List.of("ids", "moveTo", "copyTo")),
                            Shape.of(List.of("ids", "moveTo", "delete")),
                            Shape.of(List.of("ids", "copyTo", "delete")),
                            Shape.of(List.of("ids", "copyTo", "keywords")),
                            Shape.of(List.of("ids", "delete", "keywords"))),
                    "MailboxRequest",
                    List.of(
                            Shape.of(List.of()),
                            Shape.of(List.of("parentId")),
                            Shape.of(List.of("role")).with("role", "important"),
                            Shape.of(List.of("name", "path")),
                            Shape.of(List.of("path", "parentId"))),
                    "Login",
                    List.of(
                            Shape.of(List.of("username")),
                            Shape.of(List.of("username", "password", "accessToken")),
                            Shape.of(List.of("username", "password", "accessTokenExpiresAt"))),
                    "RightsRequest",
                    List.of(
                            Shape.of(List.of("letters", "mayReadItems"))
                                    .with("mayReadItems", true)),
                    "LinkRequestItem",
                    List.of(
                            Shape.of(List.of("file")).with("file", "part"),
                            Shape.of(List.of("file", "partId")).with("file", "message")),
                    "AttachmentSource",
                    List.of(Shape.of(List.of()), Shape.of(List.of("partId"))),
                    "EventsLinkRequest",
                    List.of(Shape.of(List.of("fields"))),
                    "ReplyRequest",
                    List.of(
                            new Shape(
                                    List.of("all", "recipients"),
                                    List.of(),
                                    Map.of("all", true, "recipients", "author"))));

    private BodyShapes() {}

    /** Empty for a schema whose properties do not depend on each other. */
    static List<Shape> permitted(String schema) {
        return PERMITTED.getOrDefault(schema, List.of());
    }

    static List<Shape> refused(String schema) {
        return REFUSED.getOrDefault(schema, List.of());
    }

    private static List<Shape> batches() {
        var shapes = new ArrayList<Shape>();
        for (var change :
                List.of(
                        List.of("keywords"),
                        List.of("keywords", "moveTo"),
                        List.of("moveTo"),
                        List.of("copyTo"),
                        List.of("delete"))) {
            shapes.add(Shape.of(union(change, "ids"), "dryRun"));
            shapes.add(Shape.of(union(change, "filter", "mailboxId"), "limit", "dryRun"));
        }
        return List.copyOf(shapes);
    }

    private static List<String> union(List<String> some, String... more) {
        var all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
