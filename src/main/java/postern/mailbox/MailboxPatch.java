package postern.mailbox;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import postern.web.contract.NullRemoves;
import postern.web.contract.Texts;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import tools.jackson.databind.JsonNode;

/// What to change of a mailbox; what is not mentioned stays as it is.
///
/// @param name The last level of its new name.
/// @param parentId The mailbox to move it below; `null` moves it to the top.
/// @param subscribed Whether the user subscribes to it.
@Schema(example = "{\"name\": \"Invoices 2026\", \"parentId\": null}")
record MailboxPatch(
        @Schema(pattern = Texts.NAME, example = "Invoices 2026") @Nullable String name,
        @NullRemoves @Nullable MailboxId parentId,
        @Schema(example = "true") @Nullable Boolean subscribed,
        @JsonIgnore boolean moved) {

    /** Throws InvalidRequest, which names the first invalid member. */
    static MailboxPatch parse(JsonNode body) {
        if (!body.isObject()) {
            throw InvalidRequest.at("", "must be an object");
        }
        String name = null;
        MailboxId parentId = null;
        Boolean subscribed = null;
        boolean moved = false;
        for (var member : body.properties()) {
            var value = member.getValue();
            switch (member.getKey()) {
                case "name" -> name = name(value);
                case "parentId" -> {
                    moved = true;
                    parentId = parentId(value);
                }
                case "subscribed" -> subscribed = subscribed(value);
                case "role" ->
                        throw InvalidRequest.at(
                                "/role",
                                "cannot be changed: IMAP gives roles to new mailboxes only");
                default ->
                        throw InvalidRequest.at(
                                "/" + member.getKey().replace("~", "~0").replace("/", "~1"),
                                "is not known here");
            }
        }
        return new MailboxPatch(name, parentId, subscribed, moved);
    }

    /** A mailbox has a name, so null removes nothing: it is as good as absent. */
    private static @Nullable String name(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw InvalidRequest.at("/name", "must be a string");
        }
        return value.stringValue();
    }

    private static @Nullable MailboxId parentId(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        try {
            if (value.isString()) {
                return MailboxId.parse(value.stringValue());
            }
        } catch (IllegalArgumentException _) {
            // reported below
        }
        throw InvalidRequest.at("/parentId", "is neither the id nor the role of a mailbox");
    }

    private static @Nullable Boolean subscribed(JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw InvalidRequest.at("/subscribed", "must be true or false");
        }
        return value.booleanValue();
    }

    boolean renames() {
        return name != null || moved;
    }
}
