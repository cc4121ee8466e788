package postern.mailbox;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import postern.account.Account;
import postern.web.MailboxId;
import postern.web.Problems;

@RestController
@RequestMapping("/v1/mailboxes")
@Tag(name = "mailboxes", description = "Where messages are.")
final class MailboxController {

    private final Mailboxes mailboxes;

    MailboxController(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    @GetMapping
    @Operation(operationId = "listMailboxes", summary = "List all mailboxes")
    MailboxList list(
            Account account,
            @RequestParam(defaultValue = "true")
                    @Parameter(
                            description =
                                    "Whether to count messages. Without it a large account on a"
                                            + " simple server answers sooner.")
                    boolean counts) {
        return mailboxes.list(account, counts);
    }

    @GetMapping("/{mailboxId}")
    @Operation(operationId = "getMailbox", summary = "Tell about a mailbox")
    @Problems(404)
    Mailbox get(Account account, @PathVariable MailboxId mailboxId) {
        return mailboxes.get(account, mailboxId);
    }
}
