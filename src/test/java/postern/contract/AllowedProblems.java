package postern.contract;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The problems with which a valid request may be answered, because of what the account has in it or
 * of what this mail server cannot do. A valid request to any other operation succeeds.
 */
final class AllowedProblems {

    private static final Map<String, Set<String>> BY_OPERATION =
            Map.ofEntries(
                    // GreenMail has no ACL
                    entry("listRights", "not-possible"),
                    entry("putRights", "not-possible"),
                    entry("deleteRights", "not-possible"),
                    // it takes no access tokens, and a session that began with a password has none
                    entry("refreshSession", "invalid-request"),
                    // the names are few, so that they collide; it has roles by names alone
                    entry("createMailbox", "mailbox-exists", "not-possible"),
                    // INBOX cannot be renamed; GreenMail cannot rename some that were renamed
                    // before
                    entry("updateMailbox", "mailbox-exists", "not-possible", "mailbox-not-found"),
                    entry(
                            "deleteMailbox",
                            "mailbox-has-children",
                            "mailbox-not-empty",
                            "not-possible"),
                    // there may be no trash, and no drafts
                    entry("deleteMessage", "not-possible"),
                    entry("createReply", "mailbox-not-found"),
                    // GreenMail refuses to tell some parts of attached messages
                    entry("createForward", "mailbox-not-found", "not-possible"),
                    // most messages are no drafts
                    entry("replaceDraft", "not-possible"),
                    // most messages have no attachments
                    entry("downloadAttachments", "part-not-found", "not-possible"),
                    entry("createLinks", "part-not-found"),
                    // the message of the link may have been deleted, or its time is over
                    entry("openLink", "message-not-found", "link-expired", "not-possible"),
                    // most messages are no drafts, and have no recipients or another's From
                    entry(
                            "sendMessage",
                            "not-possible",
                            "message-not-sendable",
                            "sending-not-permitted",
                            // it may have been marked so before
                            "already-sent"),
                    entry("sendNewMessage", "message-not-sendable", "sending-not-permitted"),
                    // most messages ask for no receipt, came by no list, and some have vanished
                    entry("sendReceipt", "not-possible", "already-sent"),
                    entry("unsubscribe", "not-possible"),
                    // an attached message, a From of others, none, or a header that is broken
                    entry(
                            "redirect",
                            "not-possible",
                            "message-not-sendable",
                            "sending-not-permitted"),
                    // most messages are no drafts
                    entry("markSent", "not-possible"),
                    // there may be no drafts
                    entry("editAsNew", "mailbox-not-found", "not-possible"),
                    entry("discoverServer", "server-not-found"),
                    // there may be too many, or none
                    entry("createSubscription", "too-many-subscriptions"),
                    entry("getSubscription", "not-found"),
                    entry("updateSubscription", "not-found"),
                    entry("deleteSubscription", "not-found"),
                    // the state may be of another mailbox
                    entry("listChanges", "state-expired"),
                    entry("queryChanges", "state-expired"));

    /** Those that depend on what stands in the body. */
    private static final Map<String, String> BY_PROPERTY =
            Map.of(
                    // not on this mail server
                    "\"gmailRaw\":\"", "not-possible",
                    "\"accessToken\":\"", "not-possible",
                    "\"actAs\":\"", "not-possible",
                    // a batch, where there is no trash
                    "\"delete\":\"trash\"", "not-possible",
                    // a mailbox into itself
                    "\"parentId\":\"", "invalid-request",
                    // the part may be a message, which has none
                    "\"cid\":\"", "invalid-request",
                    "\"type\":\"", "invalid-request",
                    // GreenMail cannot read a number before a parenthesis, and hangs up
                    "\"larger\":", "server-unreachable",
                    "\"smaller\":", "server-unreachable",
                    // a message that came from no mailing list
                    "\"recipients\":\"list\"", "invalid-request");

    private static Map.Entry<String, Set<String>> entry(String operation, String... codes) {
        return Map.entry(operation, Set.of(codes));
    }

    private AllowedProblems() {}

    static Set<String> of(RequestDraft draft) {
        var all = new TreeSet<>(BY_OPERATION.getOrDefault(draft.operation.id(), Set.of()));
        if (draft.headers.containsKey("If-Match")) {
            all.add("message-modified");
            all.add("precondition-failed"); // a ZIP has no ETag
        }
        if (draft.headers.containsKey("Range")) {
            all.add("range-not-satisfiable");
        }
        if (draft.query.containsKey("withState")) {
            all.add("invalid-request"); // not with conditions or a sort
        }
        if (draft.operation.id().equals("listMessages") && draft.query.containsKey("limit")) {
            all.add("invalid-request"); // more than 1,000 with fields that take reading
        }
        if (draft.operation.id().equals("sendNewMessage")
                && draft.headers.containsKey("Idempotency-Key")) {
            all.add("not-possible"); // without a copy, or without a mailbox of drafts
        }
        var body = String.valueOf(draft.json);
        BY_PROPERTY.forEach((property, code) -> {
            if (body.contains(property)) {
                all.add(code);
            }
        });
        return all;
    }
}
