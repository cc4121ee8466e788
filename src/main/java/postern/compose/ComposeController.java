package postern.compose;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.Locations;
import postern.web.RequiresScope;
import postern.web.contract.SendsHeaders;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.idempotency.Idempotent;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;
import postern.web.transfer.SpoolSpace;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/v1")
@Tag(
        name = "compose",
        description =
                "New messages: imported, composed, replaced, drafts of replies. They are stored,"
                        + " and sent by `sendMessage`.")
class ComposeController {

    private final Drafts drafts;
    private final Replies replies;
    private final EditableCopies copies;
    private final JsonMapper json;
    private final ComposeProperties limits;
    private final SpoolSpace space;

    ComposeController(
            Drafts drafts,
            Replies replies,
            EditableCopies copies,
            JsonMapper json,
            ComposeProperties limits,
            SpoolSpace space) {
        this.drafts = drafts;
        this.replies = replies;
        this.copies = copies;
        this.json = json;
        this.limits = limits;
        this.space = space;
    }

    /// Store a new message.
    ///
    /// In this mailbox, and without sending it. The media type says what it is made of.
    ///
    /// @param keywords The flags of a `message/rfc822`; a composed message has a field for them.
    /// @param receivedAt When a `message/rfc822` arrived; a composed message has a field for it.
    @AcceptsMessage
    @DeclaresProblems({400, 404, 413, 415, 422, 507})
    @Idempotent
    @SendsHeaders(HttpHeaders.LOCATION)
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(
            path = "/mailboxes/{mailboxId}/messages",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MessageInput.RFC822})
    @RequiresScope(Scope.DRAFT)
    ResponseEntity<CreatedMessage> createMessage(
            Account account,
            @PathVariable MailboxId mailboxId,
            @RequestParam @Nullable List<String> keywords,
            @RequestParam @Nullable Instant receivedAt,
            HttpServletRequest request) {
        var wishes = new Drafts.Wishes(keywords, receivedAt);
        var submission = submission(request);
        return created(drafts.create(account, mailboxId, wishes, submission));
    }

    /**
     * Creates a message from a form, without query parameters: reading one would parse the whole
     * form before it is known whether there is room for it.
     */
    @Hidden
    @Idempotent
    @PostMapping(
            path = "/mailboxes/{mailboxId}/messages",
            consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @RequiresScope(Scope.DRAFT)
    ResponseEntity<CreatedMessage> createOfForm(
            Account account, @PathVariable MailboxId mailboxId, HttpServletRequest request) {
        var submission = submission(request);
        return created(drafts.create(account, mailboxId, Drafts.Wishes.NONE, submission));
    }

    /// Store a new message with files.
    ///
    /// What `createMessage` does with a form, as an operation of its own for clients that know one
    /// media type per operation.
    @AcceptsFiles
    @DeclaresProblems({400, 404, 413, 415, 422, 507})
    @Idempotent
    @SendsHeaders(HttpHeaders.LOCATION)
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(
            path = "/mailboxes/{mailboxId}/messages/with-files",
            consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @RequiresScope(Scope.DRAFT)
    ResponseEntity<CreatedMessage> createMessageWithFiles(
            Account account, @PathVariable MailboxId mailboxId, HttpServletRequest request) {
        return createOfForm(account, mailboxId, request);
    }

    /// Replace a draft.
    ///
    /// Stores the new message in the draft's mailbox with the draft's keywords, then removes the
    /// draft for good. Only a draft is replaced: a message with `$draft`, or one in the mailbox for
    /// drafts. With `If-Match` the draft is looked at once more when the new message is stored: one
    /// that was changed or replaced meanwhile is answered 412 and not removed, and the problem
    /// names the new message, which stays. Of several requests with one `If-Match` one wins, also
    /// through several gateways where the mail server has CONDSTORE (RFC 7162). Where the mail
    /// server has REPLACE (RFC 8508) it takes the new one only if the draft is still there.
    ///
    /// @param keywords The flags of a `message/rfc822`; a composed message has a field for them.
    /// @param receivedAt When a `message/rfc822` arrived; a composed message has a field for it.
    @AcceptsMessage
    @DeclaresProblems({400, 404, 410, 412, 413, 415, 422, 507})
    @Idempotent
    @PutMapping(
            path = "/messages/{messageId}/content",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MessageInput.RFC822})
    @RequiresScope(Scope.DRAFT)
    @Audited
    CreatedMessage replaceDraft(
            Account account,
            @PathVariable MessageId messageId,
            @RequestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @RequestParam @Nullable List<String> keywords,
            @RequestParam @Nullable Instant receivedAt,
            HttpServletRequest request) {
        var wishes = new Drafts.Wishes(keywords, receivedAt);
        var submission = submission(request);
        return drafts.replace(account, messageId.ref(), ifMatch, wishes, submission);
    }

    /** Replaces a draft from a form; see {@link #createOfForm}. */
    @Hidden
    @Idempotent
    @PutMapping(
            path = "/messages/{messageId}/content",
            consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @RequiresScope(Scope.DRAFT)
    CreatedMessage replaceWithForm(
            Account account,
            @PathVariable MessageId messageId,
            @RequestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            HttpServletRequest request) {
        var submission = submission(request);
        return drafts.replace(account, messageId.ref(), ifMatch, Drafts.Wishes.NONE, submission);
    }

    /// Draft a reply.
    ///
    /// Stores a draft that answers the message: addressed, with its subject, quoting it, and in its
    /// thread. With HTML when the message or `html` has it; a text always comes along. Whom the
    /// message cannot be written to is left out. An attached message (`attachments[].messageId`) is
    /// answered like any other.
    @DeclaresProblems({400, 404, 410, 413, 422, 507})
    @Idempotent
    @SendsHeaders(HttpHeaders.LOCATION)
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping("/messages/{messageId}/reply")
    @RequiresScope({Scope.READ, Scope.DRAFT})
    ResponseEntity<CreatedMessage> createReply(
            Account account, @PathVariable MessageId messageId, @RequestBody ReplyRequest request) {
        return created(replies.reply(account, messageId, request));
    }

    /// Draft a message that passes one on.
    ///
    /// Stores a draft with the message in it, its files included, or as a file of its own. Nothing
    /// of it is sent up again. An attached message (`attachments[].messageId`) is passed on like
    /// any other.
    @DeclaresProblems({400, 404, 410, 413, 422, 507})
    @Idempotent
    @SendsHeaders(HttpHeaders.LOCATION)
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping("/messages/{messageId}/forward")
    @RequiresScope({Scope.READ, Scope.DRAFT})
    ResponseEntity<CreatedMessage> createForward(
            Account account,
            @PathVariable MessageId messageId,
            @RequestBody ForwardRequest request) {
        return created(replies.forward(account, messageId, request));
    }

    /// Draft a message like another one.
    ///
    /// Stores a draft with the text, the files, the subject and the recipients of the message,
    /// octet by octet, and with a Date and a Message-ID of its own. What told of the way of the
    /// message is left out, signatures of mail servers too. Bcc, Reply-To and what it answers are
    /// kept where the message is the user's own. An attached message (`attachments[].messageId`) is
    /// taken like any other.
    @DeclaresProblems({400, 404, 410, 413, 422, 507})
    @Idempotent
    @SendsHeaders(HttpHeaders.LOCATION)
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping("/messages/{messageId}/edit-as-new")
    @RequiresScope({Scope.READ, Scope.DRAFT})
    ResponseEntity<CreatedMessage> editAsNew(
            Account account, @PathVariable MessageId messageId, @RequestBody EditRequest request) {
        return created(copies.create(account, messageId, request));
    }

    private MessageInput submission(HttpServletRequest request) {
        return new MessageInput(request, json, limits, space);
    }

    private static ResponseEntity<CreatedMessage> created(CreatedMessage message) {
        return message.id() == null
                ? ResponseEntity.status(HttpStatus.CREATED).body(message)
                : ResponseEntity.created(Locations.of("/v1/messages/" + message.id()))
                        .body(message);
    }
}
