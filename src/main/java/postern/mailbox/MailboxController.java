package postern.mailbox;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.Locations;
import postern.web.RequiresScope;
import postern.web.TaggedByContent;
import postern.web.contract.SendsHeaders;
import postern.web.id.MailboxId;
import postern.web.idempotency.Idempotent;
import postern.web.problem.DeclaresProblems;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/v1/mailboxes")
@Tag(name = "mailboxes", description = "Where messages are.")
final class MailboxController {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Mailboxes mailboxes;
    private final MailboxChanges changes;
    private final MailboxEmptying emptying;

    MailboxController(Mailboxes mailboxes, MailboxChanges changes, MailboxEmptying emptying) {
        this.mailboxes = mailboxes;
        this.changes = changes;
        this.emptying = emptying;
    }

    /// List all mailboxes.
    ///
    /// The user's own, and those that others share with the user. One round trip to a mail server
    /// that counts and tells rights by itself.
    ///
    /// @param counts Whether to count messages. Without it a large account on a simple server
    ///   answers sooner.
    /// @param rights Whether to tell `myRights`, where the mail server has them.
    @GetMapping
    @DeclaresProblems(412)
    @SendsHeaders(HttpHeaders.ETAG)
    @TaggedByContent
    @RequiresScope(Scope.READ)
    MailboxList listMailboxes(
            Account account,
            @RequestParam(defaultValue = "true") boolean counts,
            @RequestParam(defaultValue = "true") boolean rights) {
        return mailboxes.list(account, counts, rights);
    }

    /// Create a mailbox.
    ///
    /// By `name`, below a parent or at the top, or by `path`. 409 when it exists, or when another
    /// mailbox has its role; 422 when the mail server has no such names.
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @DeclaresProblems({404, 409, 422, 507})
    @SendsHeaders(HttpHeaders.LOCATION)
    @Idempotent
    @RequiresScope(Scope.ORGANIZE)
    ResponseEntity<Mailbox> createMailbox(Account account, @RequestBody MailboxRequest mailbox) {
        var created = changes.create(account, mailbox).toldTo(account);
        return ResponseEntity.created(Locations.of("/v1/mailboxes/" + created.id().text()))
                .body(created);
    }

    /// Tell about a mailbox.
    ///
    /// With its `quotas` and `keywords`, which the list of all mailboxes leaves out.
    @GetMapping("/{mailboxId}")
    @DeclaresProblems({404, 412})
    @SendsHeaders(HttpHeaders.ETAG)
    @TaggedByContent
    @RequiresScope(Scope.READ)
    Mailbox getMailbox(Account account, @PathVariable MailboxId mailboxId) {
        return mailboxes.get(account, mailboxId);
    }

    /// Rename, move or subscribe to a mailbox.
    ///
    /// What is below comes along. Where the mail server gives lasting ids to mailboxes (OBJECTID,
    /// RFC 8474), all ids stay the same. Elsewhere a mailbox that is renamed or moved has another
    /// id afterwards, and so have those below and all messages in them: the answer names the ids
    /// before and after (`previousId`, `renamedBelow`). INBOX can only be subscribed to, and no
    /// role can be changed.
    @PatchMapping(
            path = "/{mailboxId}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    @DeclaresProblems({404, 409, 415, 422})
    @RequiresScope(Scope.ORGANIZE)
    Mailbox updateMailbox(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Schema(implementation = MailboxPatch.class) @RequestBody JsonNode patch) {
        return changes.update(account, mailboxId, MailboxPatch.parse(patch)).toldTo(account);
    }

    /// Delete a mailbox.
    ///
    /// 409 `mailbox-has-children` or `mailbox-not-empty`, and nothing deleted, when it is not alone
    /// or not empty and that is not agreed to. What is below goes first, the deepest before all.
    ///
    /// @param withChildren Whether to delete the mailboxes below as well.
    /// @param withMessages Whether to delete the messages as well, for good: they do not go to the
    ///   trash.
    @DeleteMapping("/{mailboxId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeclaresProblems({404, 409, 422})
    @RequiresScope(Scope.DELETE)
    void deleteMailbox(
            Account account,
            @PathVariable MailboxId mailboxId,
            @RequestParam(defaultValue = "false") boolean withChildren,
            @RequestParam(defaultValue = "false") boolean withMessages) {
        changes.delete(account, mailboxId, withChildren, withMessages);
    }

    /// Remove all messages of a mailbox for good.
    ///
    /// Exactly those that are there when it begins: what arrives meanwhile stays. They do not go to
    /// the trash.
    ///
    /// @param confirm The `name` or the `path` of the mailbox, so that no other is emptied by
    ///   accident.
    @DeleteMapping("/{mailboxId}/messages")
    @DeclaresProblems({404, 410, 422})
    @RequiresScope(Scope.DELETE)
    EmptiedMailbox emptyMailbox(
            Account account,
            @PathVariable MailboxId mailboxId,
            @RequestParam @Parameter(example = "Trash") String confirm) {
        return emptying.empty(account, mailboxId, confirm);
    }
}
