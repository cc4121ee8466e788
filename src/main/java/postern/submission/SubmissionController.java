package postern.submission;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.compose.AcceptsMessage;
import postern.compose.ReportWish;
import postern.compose.SaveCopy;
import postern.compose.SendOptions;
import postern.web.RequiresScope;
import postern.web.id.MessageId;
import postern.web.idempotency.IdempotencyKeys;
import postern.web.idempotency.Idempotent;
import postern.web.idempotency.KeyedRequest;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;
import postern.web.problem.InvalidRequest;

@RestController
@RequestMapping("/v1")
@Tag(
        name = "submission",
        description = "Sending: drafts, and messages that were not stored before.")
class SubmissionController {

    private static final String RFC822 = "message/rfc822";

    private final Submissions submissions;
    private final Redirects redirects;
    private final SentElsewhere sentElsewhere;

    SubmissionController(
            Submissions submissions, Redirects redirects, SentElsewhere sentElsewhere) {
        this.submissions = submissions;
        this.redirects = redirects;
        this.sentElsewhere = sentElsewhere;
    }

    /// Send a draft.
    ///
    /// Hands the stored message to the submission server as it is, without Bcc. Then the draft
    /// becomes the copy in the mailbox of sent mail, or is removed where no copy is wanted or the
    /// provider stores it.
    ///
    /// A draft is sent once, on every replica: before it leaves it gets the keyword
    /// `$SubmitPending`, and once the submission server has taken it `$Submitted`. One that bears
    /// the second is answered 409 `already-sent`, one that bears only the first 409
    /// `submission-unknown`. Only a message with `$draft`, or one in the mailbox for drafts, is
    /// sent; by a token without the scope `delete` only a message with `$draft`.
    ///
    /// An error says that nothing was sent, except for `outcome-unknown`, and for
    /// `message-not-found`: a draft that was sent is moved or removed. For a day it is then
    /// answered 409 `already-sent`, but not by a replica that did not send it and shares no store
    /// with the one that did. If some recipients are refused, it is sent to the others, and
    /// `recipients` says so.
    ///
    /// Where neither `answers` nor `forwards` is named, the message that In-Reply-To names first is
    /// looked for after sending, and gets `$answered`: by its exact Message-ID, in the mailboxes
    /// with the roles `inbox`, `all`, `archive` and `sent`, for five seconds at most. `original`
    /// says whether it was found. For a narrowed token only the mailboxes that it reaches are
    /// searched, and none without the scopes `read` and `organize`.
    ///
    /// @param force Whether to send a draft of which it is not known whether it was sent.
    @DeclaresProblems({400, 403, 404, 409, 410, 413, 422, 429, 502, 503})
    @Idempotent
    @PostMapping("/messages/{messageId}/send")
    @RequiresScope({Scope.READ, Scope.SEND}) // it may be sent to anybody, the caller included
    @Audited
    SentMessage sendMessage(
            Account account,
            @PathVariable MessageId messageId,
            @RequestParam(defaultValue = "false") boolean force,
            @Valid @RequestBody SendOptions options) {
        return submissions.sendDraft(account, messageId.ref(), options, force);
    }

    /// Send a new message.
    ///
    /// Composes the message as `createMessage` does, or takes a `message/rfc822`, and hands it to
    /// the submission server without Bcc; a Date or a Message-ID that is missing is added. Then the
    /// message, with Bcc, is stored in the mailbox of sent mail. How it is sent is said by
    /// `submission` of the message, or for a `message/rfc822` by the parameters.
    ///
    /// An error says that nothing was sent, except for `outcome-unknown` and `submission-unknown`:
    /// repeat that only after a look.
    ///
    /// With an `Idempotency-Key` it is sent once, however often and on whatever replica the request
    /// is repeated. The message is stored among the drafts before it is sent, with a Message-ID
    /// that follows from the key if it has none, and then becomes the copy. A repetition finds it
    /// there: it sends what was not sent, answers 409 `submission-unknown` where nobody knows, and
    /// else tells that it is sent, with `Idempotency-Replayed`. That needs a mailbox for drafts,
    /// and a copy.
    ///
    /// Where neither `answers` nor `forwards` is named, the message that In-Reply-To names first is
    /// looked for after sending, and gets `$answered`: by its exact Message-ID, in the mailboxes
    /// with the roles `inbox`, `all`, `archive` and `sent`, for five seconds at most. `original`
    /// says whether it was found. For a narrowed token only the mailboxes that it reaches are
    /// searched, and none without the scopes `read` and `organize`.
    ///
    /// @param mailFrom Where delivery reports go; when absent the address in Sender, or else the
    ///   first one in From.
    /// @param rcptTo Who gets it, whatever the message says; when absent all of To, Cc and Bcc.
    /// @param allOrNothing Whether it is sent to nobody if any recipient is refused.
    /// @param saveCopy Whether it goes to the mailbox of sent mail; `auto` when absent.
    /// @param answers The message that it answers, which gets `$answered`.
    /// @param forwards The message that it passes on, which gets `$forwarded`.
    /// @param reports Which delivery reports are wanted; when absent the servers decide, which
    ///   usually means `failure`. A submission server without DSN ignores it.
    @AcceptsMessage
    @DeclaresProblems({400, 403, 409, 413, 415, 422, 429, 502, 503})
    @Idempotent(foundInMailboxes = true)
    @PostMapping(
            path = "/send",
            consumes = {MediaType.APPLICATION_JSON_VALUE, RFC822})
    @RequiresScope(Scope.SEND)
    @Audited
    SentMessage sendNewMessage(
            Account account,
            @RequestParam @Nullable String mailFrom,
            @RequestParam @Nullable List<String> rcptTo,
            @RequestParam @Nullable Boolean allOrNothing,
            @RequestParam @Nullable SaveCopy saveCopy,
            @RequestParam @Nullable MessageId answers,
            @RequestParam @Nullable MessageId forwards,
            @RequestParam @Nullable List<ReportWish> reports,
            HttpServletRequest request,
            HttpServletResponse response) {
        boolean raw =
                MediaType.parseMediaType(RFC822)
                        .isCompatibleWith(MediaType.parseMediaType(request.getContentType()));
        if (raw) {
            var options =
                    new SendOptions(
                            mailFrom, rcptTo, reports, allOrNothing, saveCopy, answers, forwards);
            return told(submissions.sendNew(account, request, options), response);
        }
        refuse("mailFrom", mailFrom);
        refuse("rcptTo", rcptTo);
        refuse("allOrNothing", allOrNothing);
        refuse("saveCopy", saveCopy);
        refuse("answers", answers);
        refuse("forwards", forwards);
        refuse("reports", reports);
        return told(submissions.sendNew(account, request, null), response);
    }

    /// Redirect a message.
    ///
    /// Sends the message to others as it is, with fields of the user's in front (Resent-From,
    /// Resent-To, Resent-Date, Resent-Message-ID): it remains a message of its author, to whom the
    /// answers go. Nothing of it is changed, so that signatures of mail servers remain valid,
    /// except that Bcc is not sent. It gets no mark, since `$forwarded` is for what goes inside
    /// another message.
    ///
    /// An error says that nothing was sent, except for `outcome-unknown`. With an `Idempotency-Key`
    /// it is sent once as long as the key is known: for 24 hours, by the process that got the
    /// request, and by all replicas if they share a store. For a replica without a shared store,
    /// and after a restart without a durable one, the key is new, and the message is sent again,
    /// with the same Resent-Message-ID, which follows from the key. A request of which nobody knows
    /// whether it was carried out is answered `outcome-unknown` when it comes again, and is not
    /// sent again.
    @DeclaresProblems({400, 403, 404, 409, 410, 413, 422, 429, 502, 503})
    @Idempotent
    @PostMapping("/messages/{messageId}/redirect")
    @RequiresScope({Scope.READ, Scope.SEND})
    @Audited
    RedirectedMessage redirect(
            Account account,
            @PathVariable MessageId messageId,
            @Valid @RequestBody RedirectRequest redirect,
            HttpServletRequest request) {
        return redirects.redirect(account, messageId.ref(), redirect, KeyedRequest.of(request));
    }

    /// Mark a draft as sent.
    ///
    /// For apps that send by themselves: in one step the draft becomes the copy in the mailbox of
    /// sent mail, or is removed where a copy is there already, and what it answers or passes on is
    /// marked. It is no draft any more and has the keyword `$Submitted`, so that `sendMessage` does
    /// not send it again. This also settles a draft with `$SubmitPending`, after a look.
    ///
    /// Where not all of it could be done, the answer says so, and the same request does the rest.
    /// Once the draft is moved or removed, the request is answered 409 `already-sent` for a day, or
    /// 404 by a replica that knows nothing of it.
    @DeclaresProblems({400, 403, 404, 409, 410, 422, 429, 502, 503})
    @Idempotent(foundInMailboxes = true)
    @PostMapping("/messages/{messageId}/mark-sent")
    @RequiresScope({Scope.DRAFT, Scope.ORGANIZE})
    @Audited
    MarkedSent markSent(
            Account account,
            @PathVariable MessageId messageId,
            @Valid @RequestBody MarkSentRequest request) {
        return sentElsewhere.mark(account, messageId.ref(), request);
    }

    private static SentMessage told(KeyedSubmissions.Answer answer, HttpServletResponse response) {
        if (answer.repeated()) {
            response.setHeader(IdempotencyKeys.REPLAYED, "true");
        }
        return answer.message();
    }

    private static void refuse(String parameter, @Nullable Object value) {
        if (value != null) {
            throw InvalidRequest.parameter(
                    parameter, "is for message/rfc822; a composed message has `submission` for it");
        }
    }

    /**
     * Sends a message of a form, without query parameters: reading one would parse the whole form
     * before it is known whether there is room for it.
     */
    @Hidden
    @Idempotent(foundInMailboxes = true)
    @PostMapping(path = "/send", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @RequiresScope(Scope.SEND)
    @Audited
    SentMessage sendForm(
            Account account, HttpServletRequest request, HttpServletResponse response) {
        return told(submissions.sendNew(account, request, null), response);
    }
}
