package postern.mailbox;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ListedMailbox;
import postern.imap.MailboxReport;
import postern.imap.MailboxRole;
import postern.imap.MailboxStatus;
import postern.imap.Rights;
import postern.mailbox.directory.QuotaUsage;
import postern.web.id.MailboxId;

/// Where messages are (RFC 8621 §2).
///
/// @param name The last level of its name.
/// @param path Its whole name.
/// @param parentId The mailbox it is below; absent at the top.
/// @param delimiter Between the levels of `path`; absent where names are flat.
/// @param role What it is for; at most one mailbox has a role.
/// @param selectable Whether it can hold messages.
/// @param subscribed Whether the user subscribed to it.
/// @param totalMessages How many messages are in it. This, `unreadMessages`, `size` and `quotas`
///   are absent for a token without the scope `read`.
/// @param unreadMessages How many of them lack `$seen`.
/// @param size How many octets its messages have together (RFC 8438); absent where the mail server
///   does not say.
/// @param keywords The keywords that its messages can have been given so far, besides those like
///   `$seen`, where one mailbox is asked for; absent where the mail server does not say.
/// @param mayCreateKeywords Whether its messages can be given others; absent where the mail server
///   does not say.
/// @param myRights What the user may do with it; absent where the mail server does not say.
/// @param quotas The quotas that count for it, where one mailbox is asked for; empty where nothing
///   is limited.
/// @param previousId Its id before it was renamed, in the answer to that; absent where the id
///   stayed the same.
/// @param renamedBelow The mailboxes below it that were renamed with it and have other ids now, in
///   the answer to that.
record Mailbox(
        MailboxId id,
        @Schema(example = "Invoices") String name,
        @Schema(example = "Work/Invoices") String path,
        @Nullable MailboxId parentId,
        @Schema(example = "/") @Nullable String delimiter,
        NamespaceKind namespace,
        @Schema(
                        allowableValues = {
                            "inbox",
                            "drafts",
                            "sent",
                            "trash",
                            "junk",
                            "archive",
                            "all",
                            "flagged",
                            "important"
                        },
                        example = "archive")
                @Nullable String role,
        @Schema(example = "true") boolean selectable,
        @Schema(example = "true") @Nullable Boolean subscribed,
        @Schema(example = "1204") @Nullable Long totalMessages,
        @Schema(example = "3") @Nullable Long unreadMessages,
        @Schema(example = "48120934") @Nullable Long size,
        @Schema(example = "[\"$Forwarded\", \"invoice\"]") @Nullable List<String> keywords,
        @Schema(example = "true") @Nullable Boolean mayCreateKeywords,
        @Nullable MailboxRights myRights,
        @Nullable List<QuotaUsage> quotas,
        @Nullable MailboxId previousId,
        @Nullable List<RenamedMailbox> renamedBelow) {

    static Mailbox of(ListedMailbox listed, MailboxHierarchy hierarchy) {
        return of(listed, hierarchy, listed.status(), listed.rights(), null);
    }

    static Mailbox of(ListedMailbox listed, MailboxHierarchy hierarchy, MailboxReport report) {
        return of(
                listed,
                hierarchy,
                report.status(),
                report.rights(),
                QuotaUsage.of(report.quotas()));
    }

    /** Without what the scope {@code read} guards, for a token that lacks it. */
    Mailbox toldTo(Account account) {
        return account.limits().permits(Scope.READ)
                ? this
                : new Mailbox(
                        id,
                        name,
                        path,
                        parentId,
                        delimiter,
                        namespace,
                        role,
                        selectable,
                        subscribed,
                        null,
                        null,
                        null,
                        null,
                        mayCreateKeywords,
                        myRights,
                        null,
                        previousId,
                        renamedBelow);
    }

    /** Names what was renamed, where that changed ids. */
    Mailbox renamed(List<RenamedMailbox> renamed) {
        var itself =
                renamed.stream()
                        .filter(it -> it.id().equals(id))
                        .map(RenamedMailbox::previousId)
                        .findFirst()
                        .orElse(null);
        var below = renamed.stream().filter(it -> !it.id().equals(id)).toList();
        return new Mailbox(
                id,
                name,
                path,
                parentId,
                delimiter,
                namespace,
                role,
                selectable,
                subscribed,
                totalMessages,
                unreadMessages,
                size,
                keywords,
                mayCreateKeywords,
                myRights,
                quotas,
                itself,
                below.isEmpty() ? null : below);
    }

    Mailbox with(MailboxKeywords known) {
        return new Mailbox(
                id,
                name,
                path,
                parentId,
                delimiter,
                namespace,
                role,
                selectable,
                subscribed,
                totalMessages,
                unreadMessages,
                size,
                known.inUse(),
                known.mayCreate(),
                myRights,
                quotas,
                previousId,
                renamedBelow);
    }

    private static Mailbox of(
            ListedMailbox listed,
            MailboxHierarchy hierarchy,
            @Nullable MailboxStatus status,
            @Nullable Rights rights,
            @Nullable List<QuotaUsage> quotas) {
        return new Mailbox(
                MailboxId.of(listed.name()),
                MailboxHierarchy.lastLevel(listed),
                listed.name().decoded(),
                hierarchy.parent(listed).map(MailboxId::of).orElse(null),
                listed.delimiter() == null ? null : listed.delimiter().toString(),
                hierarchy.namespace(listed),
                hierarchy.role(listed).map(MailboxRole::id).orElse(null),
                listed.selectable(),
                listed.subscribed(),
                status == null ? null : status.messages(),
                status == null ? null : status.unseen(),
                status == null ? null : status.size(),
                null,
                null,
                rights == null ? null : MailboxRights.of(listed.name(), rights),
                quotas,
                null,
                null);
    }
}
