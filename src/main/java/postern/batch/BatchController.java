package postern.batch;

import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.message.change.KeywordScopes;
import postern.web.RequiresScope;
import postern.web.ScopeMissing;
import postern.web.idempotency.Idempotent;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/messages/batch")
@Tag(name = "messages")
class BatchController {

    private final Batches batches;

    BatchController(Batches batches) {
        this.batches = batches;
    }

    /// Change, move, copy or delete many messages.
    ///
    /// Each message has a result of its own: the answer is 200 also where some or all could not be
    /// changed. Where the connection was lost in the midst of it, the results tell what was done
    /// (200), what was not (a problem that is `retryable`) and of which messages nobody knows
    /// (`outcome-unknown`). The same `Idempotency-Key` then finds out what became of these, and
    /// does what was not done: copies are recognised by their size, date, sender, subject and
    /// Message-ID among what came since. What cannot be found out stays `outcome-unknown`. Keywords
    /// are stored before messages are moved. No message is removed that is not named, or does not
    /// match the filter when the request begins.
    ///
    /// A token also needs the scope `delete` for `delete` and to set `$deleted`, `$draft`,
    /// `$SubmitPending` or `$Submitted`, and `read` for a `filter`.
    ///
    /// `dryRun` answers as refused what the mail server is known to refuse: mailboxes that can only
    /// be read, keywords that a mailbox does not keep, and what the user has no right to, where the
    /// server tells of rights (ACL). It cannot foretell a storage that is full, locks, rights that
    /// the server does not tell of, and what changes until the real request.
    @DeclaresProblems({400, 404, 422})
    @Idempotent
    @PostMapping
    @RequiresScope(Scope.ORGANIZE)
    @Audited
    BatchResult batchMessages(Account account, @RequestBody BatchRequest request) {
        if (request.delete() != null) {
            ScopeMissing.require(account, Scope.DELETE);
        }
        if (request.filter() != null) {
            ScopeMissing.require(account, Scope.READ);
        }
        KeywordScopes.require(account, request.keywords());
        return batches.run(account, Batch.of(request)).toldTo(account);
    }
}
