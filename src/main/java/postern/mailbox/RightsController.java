package postern.mailbox;

import io.swagger.v3.oas.annotations.Operation;
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
import postern.web.id.MailboxId;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/mailboxes/{mailboxId}/rights")
@Tag(name = "rights", description = "Who may do what with a mailbox (RFC 4314).")
final class RightsController {

    private static final String WHOSE =
            "Whose rights: a user name, `anyone`, or what else the mail server knows.";

    private final MailboxGrants grants;

    RightsController(MailboxGrants grants) {
        this.grants = grants;
    }

    @GetMapping
    @Operation(
            operationId = "listRights",
            summary = "Tell who may do what with a mailbox",
            description = "For those with `mayAdminister`; 422 where the mail server has no ACL.")
    @DeclaresProblems({404, 422})
    RightsList list(Account account, @PathVariable MailboxId mailboxId) {
        return grants.list(account, mailboxId);
    }

    @PutMapping("/{identifier}")
    @Operation(
            operationId = "putRights",
            summary = "Give somebody rights to a mailbox",
            description =
                    "These rights and no others. The answer is what the mail server made of it.")
    @DeclaresProblems({404, 422})
    GrantedRights put(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Parameter(description = WHOSE, example = "bob") @PathVariable String identifier,
            @RequestBody RightsRequest request) {
        return grants.put(account, mailboxId, identifier, request);
    }

    @DeleteMapping("/{identifier}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteRights",
            summary = "Take somebody's rights to a mailbox away",
            description = "Does nothing when there are none.")
    @DeclaresProblems({404, 422})
    void delete(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Parameter(description = WHOSE, example = "bob") @PathVariable String identifier) {
        grants.delete(account, mailboxId, identifier);
    }
}
