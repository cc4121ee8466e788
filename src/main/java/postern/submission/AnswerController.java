package postern.submission;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.RequiresScope;
import postern.web.id.MessageId;
import postern.web.idempotency.Idempotent;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1")
@Tag(
        name = "submission",
        description = "Sending: drafts, and messages that were not stored before.")
class AnswerController {

    private final Receipts receipts;
    private final Unsubscriptions unsubscriptions;

    AnswerController(Receipts receipts, Unsubscriptions unsubscriptions) {
        this.receipts = receipts;
        this.unsubscriptions = unsubscriptions;
    }

    /// Send the receipt that a message asks for.
    ///
    /// Nothing sends a receipt by itself: this does, when the user or a rule of the user's wants
    /// it. It is a message of RFC 8098, without a return path, to the addresses in
    /// `receiptRequested`.
    ///
    /// It is sent once, on every replica and by every program: before it leaves, the message gets
    /// `$mdnsent`. A message that bears it is answered 409 `already-sent`, also where another
    /// program has set it to say that no receipt will be sent. Where the mailbox cannot keep that
    /// keyword: 422 `not-possible`.
    ///
    /// An error says that nothing was sent, and that the message does not bear `$mdnsent`, except
    /// for `outcome-unknown`.
    @DeclaresProblems({400, 403, 404, 409, 410, 412, 422, 429, 502, 503})
    @Idempotent
    @PostMapping("/messages/{messageId}/receipt")
    @RequiresScope({Scope.READ, Scope.SEND})
    @Audited
    SentReceipt sendReceipt(
            Account account,
            @PathVariable MessageId messageId,
            @Valid @RequestBody ReceiptRequest request) {
        return receipts.send(account, messageId.ref(), request);
    }

    /// Unsubscribe from the mailing list of a message.
    ///
    /// By one request to the list's web server where `list.oneClick` is true (RFC 8058): a POST by
    /// HTTPS, to a public host only, without cookies, and no redirect is followed. Where that is
    /// not offered or fails, by a message to the first `mailto` address that the list names, sent
    /// as the address that got the message; no copy of it is stored. Where the list only names a
    /// web page: 422 `not-possible`, whose `detail` names the page.
    ///
    /// To repeat it does no harm: who is not on a list cannot leave it.
    @DeclaresProblems({400, 403, 404, 410, 422, 429, 502, 503})
    @Idempotent
    @PostMapping("/messages/{messageId}/unsubscribe")
    @RequiresScope({Scope.READ, Scope.SEND}) // a failure tells the page that the message names
    @Audited
    Unsubscription unsubscribe(
            Account account,
            @PathVariable MessageId messageId,
            @Valid @RequestBody UnsubscribeRequest request) {
        return unsubscriptions.unsubscribe(account, messageId.ref(), request);
    }
}
