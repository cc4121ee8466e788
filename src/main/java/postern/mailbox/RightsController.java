package postern.mailbox;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.RequiresScope;
import postern.web.id.MailboxId;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/mailboxes/{mailboxId}/rights")
@Tag(name = "rights", description = "Who may do what with a mailbox (RFC 4314).")
final class RightsController {

    private final MailboxGrants grants;

    RightsController(MailboxGrants grants) {
        this.grants = grants;
    }

    /// Tell who may do what with a mailbox.
    ///
    /// For those with `mayAdminister`; 422 where the mail server has no ACL.
    @GetMapping
    @DeclaresProblems({404, 422})
    @RequiresScope(Scope.READ)
    RightsList listRights(Account account, @PathVariable MailboxId mailboxId) {
        return grants.list(account, mailboxId);
    }

    /// Give somebody rights to a mailbox.
    ///
    /// These rights and no others. The answer is what the mail server made of it.
    ///
    /// @param identifier Whose rights: a user name, `anyone`, or what else the mail server knows.
    @PutMapping("/{identifier}")
    @DeclaresProblems({404, 422})
    @RequiresScope(wholeSession = true)
    @Audited
    GrantedRights putRights(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Parameter(example = "bob") @PathVariable String identifier,
            @RequestBody RightsRequest request) {
        return grants.put(account, mailboxId, identifier, request);
    }

    /// Take somebody's rights to a mailbox away.
    ///
    /// Does nothing when there are none.
    ///
    /// @param identifier Whose rights: a user name, `anyone`, or what else the mail server knows.
    @DeleteMapping("/{identifier}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeclaresProblems({404, 422})
    @RequiresScope(wholeSession = true)
    void deleteRights(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Parameter(example = "bob") @PathVariable String identifier) {
        grants.delete(account, mailboxId, identifier);
    }
}
