package postern.message.change;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.imap.message.Flag;
import postern.imap.message.FlagChange;
import postern.message.metadata.Keywords;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import tools.jackson.databind.JsonNode;

/// What to change of a message; what is not mentioned stays as it is.
///
/// @param keywords `true` sets a keyword, `null` or `false` takes it away.
/// @param mailboxId The mailbox to move the message to.
@Schema(example = "{\"keywords\": {\"$seen\": true, \"$flagged\": null}}")
public record MessagePatch(
        @Schema(maxProperties = 100, example = "{\"$seen\": true, \"$flagged\": null}")
                @Nullable Map<String, @Nullable Boolean> keywords,
        @Schema(example = "archive") @Nullable MailboxId mailboxId) {

    /**
     * Upper bound on the keywords in one request; more would make a command line that servers
     * refuse.
     */
    private static final int MOST_KEYWORDS = 100;

    /** Throws InvalidRequest, which names the first invalid member. */
    public static MessagePatch parse(JsonNode body) {
        requireObject(body, "");
        Map<String, @Nullable Boolean> keywords = null;
        MailboxId mailboxId = null;
        for (var member : body.properties()) {
            switch (member.getKey()) {
                case "keywords" -> keywords = keywords(member.getValue());
                case "mailboxId" -> mailboxId = mailboxId(member.getValue());
                default -> throw InvalidRequest.at(pointer(member.getKey()), "is not known here");
            }
        }
        return new MessagePatch(keywords, mailboxId);
    }

    /** Null is as good as absent: nothing would say which keywords it takes away. */
    private static @Nullable Map<String, @Nullable Boolean> keywords(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        requireObject(node, "/keywords");
        if (node.size() > MOST_KEYWORDS) {
            throw InvalidRequest.at("/keywords", "must be at most " + MOST_KEYWORDS);
        }
        var keywords = new LinkedHashMap<String, @Nullable Boolean>();
        var seen = new HashSet<Flag>();
        for (var member : node.properties()) {
            var at = "/keywords" + pointer(member.getKey());
            if (!seen.add(flag(member.getKey(), at))) {
                throw InvalidRequest.at(at, "is there twice: case makes no difference");
            }
            keywords.put(member.getKey(), bool(member.getValue(), at));
        }
        return keywords;
    }

    private static Flag flag(String keyword, String at) {
        return Keywords.flag(keyword)
                .orElseThrow(() -> InvalidRequest.at(at, "is no keyword that can be stored"));
    }

    private static @Nullable Boolean bool(JsonNode value, String at) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw InvalidRequest.at(at, "must be true, false or null");
        }
        return value.booleanValue();
    }

    /** No message is without a mailbox, so null removes nothing: it is as good as absent. */
    private static @Nullable MailboxId mailboxId(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw InvalidRequest.at("/mailboxId", "must be the id or the role of a mailbox");
        }
        try {
            return MailboxId.parse(node.stringValue());
        } catch (IllegalArgumentException _) {
            throw InvalidRequest.at("/mailboxId", "is neither the id nor the role of a mailbox");
        }
    }

    private static void requireObject(JsonNode node, String at) {
        if (!node.isObject()) {
            throw InvalidRequest.at(at, "must be an object");
        }
    }

    /** RFC 6901 §3. */
    private static String pointer(String member) {
        return "/" + member.replace("~", "~0").replace("/", "~1");
    }

    FlagChange flagChange() {
        var added = new HashSet<Flag>();
        var removed = new HashSet<Flag>();
        if (keywords != null) {
            keywords.forEach((keyword, set) -> {
                var into = Boolean.TRUE.equals(set) ? added : removed;
                Keywords.flag(keyword).ifPresent(into::add);
            });
        }
        return new FlagChange(added, removed);
    }
}
