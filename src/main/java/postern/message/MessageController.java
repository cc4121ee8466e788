package postern.message;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.message.change.CopiedMessage;
import postern.message.change.CopyRequest;
import postern.message.change.IfMatch;
import postern.message.change.KeywordScopes;
import postern.message.change.MessageChanges;
import postern.message.change.MessagePatch;
import postern.message.change.MessageState;
import postern.message.metadata.ChosenHeaders;
import postern.message.metadata.Include;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageSort;
import postern.message.metadata.QueryParameters;
import postern.web.Caller;
import postern.web.Locations;
import postern.web.Preconditions;
import postern.web.RequiresScope;
import postern.web.TaggedByContent;
import postern.web.contract.Bounds;
import postern.web.contract.SendsHeaders;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.idempotency.Idempotent;
import postern.web.link.FileLinks;
import postern.web.problem.DeclaresProblems;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/v1")
@Tag(name = "messages", description = "Messages: listed, read, changed, copied and deleted.")
class MessageController {

    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Messages messages;
    private final ManyMessages many;
    private final MessageChanges changes;
    private final FileLinks fileLinks;

    MessageController(
            Messages messages, ManyMessages many, MessageChanges changes, FileLinks fileLinks) {
        this.many = many;
        this.fileLinks = fileLinks;
        this.messages = messages;
        this.changes = changes;
    }

    /// List a mailbox's messages.
    ///
    /// The newest first, by the order in which they came into the mailbox, or in the order of
    /// `sort`. New mail does not shift a page. All conditions that are given must hold.
    ///
    /// Ask again with the last `ETag` as `If-None-Match`: 304 says that the page is the same, and
    /// brings the `ETag` for the next time. Where the mail server has mod-sequences (CONDSTORE, RFC
    /// 7162) it costs one round trip, and nothing is read.
    ///
    /// @param limit How many messages a page has: at most 1,000, or 10,000 with `fields=id` and
    ///   neither conditions, `sort` nor `headerFields`.
    /// @param fields The fields to answer; when not given, all but `attachments`, `automatic`,
    ///   `list` and `receiptRequested`. `id` always comes.
    /// @param headerFields Names of header fields to answer as well, at most 20, such as `List-Id`.
    /// @param unseen Only messages without `$seen`, or only those with it.
    /// @param flagged Only messages with `$flagged`, or only those without it.
    /// @param hasKeyword Has this keyword.
    /// @param larger Has more octets than this.
    /// @param smaller Has fewer octets than this.
    /// @param sort The order; when not given, the last that came into the mailbox is first.
    /// @param withState Whether to answer `state` as well, from which `listChanges` goes on. Not
    ///   with conditions or `sort`.
    @DeclaresProblems({400, 404, 409, 410, 412, 422})
    @SendsHeaders(HttpHeaders.ETAG)
    @TaggedByContent
    @GetMapping("/mailboxes/{mailboxId}/messages")
    @RequiresScope(Scope.READ)
    ResponseEntity<MessagePage> listMessages(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Bounds(min = 1, max = 10_000) @RequestParam(defaultValue = "50") int limit,
            @RequestParam @Nullable Cursor cursor,
            @RequestParam @Nullable List<MessageField> fields,
            @RequestParam @Nullable List<String> headerFields,
            @RequestParam @Nullable Boolean unseen,
            @RequestParam @Nullable Boolean flagged,
            @RequestParam @Nullable String from,
            @RequestParam @Nullable String to,
            @RequestParam @Nullable String subject,
            @RequestParam @Nullable String text,
            @RequestParam @Nullable String since,
            @RequestParam @Nullable String before,
            @Parameter(example = "$answered") @RequestParam @Nullable String hasKeyword,
            @Bounds(min = 0, max = 4_294_967_295L) @RequestParam @Nullable Long larger,
            @Bounds(min = 0, max = 4_294_967_295L) @RequestParam @Nullable Long smaller,
            @RequestParam @Nullable MessageSort sort,
            @RequestParam(defaultValue = "false") boolean withState,
            HttpServletRequest http) {
        var filter =
                new MessageFilter(
                        unseen,
                        flagged,
                        QueryParameters.text("from", from),
                        QueryParameters.text("to", to),
                        QueryParameters.text("subject", subject),
                        QueryParameters.text("text", text),
                        QueryParameters.moment("since", since),
                        QueryParameters.moment("before", before),
                        QueryParameters.keyword("hasKeyword", hasKeyword),
                        QueryParameters.octets("larger", larger),
                        QueryParameters.octets("smaller", smaller));
        var query =
                new MessageQuery(
                        limit,
                        fields == null || fields.isEmpty() ? MessageField.ALL : Set.copyOf(fields),
                        ChosenHeaders.ofParameter(headerFields),
                        filter,
                        sort,
                        withState);
        var tags = Preconditions.of(http).unlessOneOf();
        var listed = messages.listUnless(account, mailboxId, cursor, query, tags);
        return listed.page() != null
                ? ResponseEntity.ok(listed.page())
                : ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(listed.unchanged()).build();
    }

    /// Read a message.
    ///
    /// Reading does not set `$seen`.
    ///
    /// @param include What to read beside the description: `text`, `html`, `headers`.
    @DeclaresProblems({400, 404, 410, 412})
    @SendsHeaders(HttpHeaders.ETAG)
    @GetMapping("/messages/{messageId}")
    @RequiresScope(Scope.READ)
    ResponseEntity<MessageDetail> getMessage(
            Account account,
            @PathVariable MessageId messageId,
            @RequestParam @Nullable List<Include> include) {
        var wanted = include == null ? Set.<Include>of() : Set.copyOf(include);
        var message = messages.read(account, messageId, wanted);
        return ResponseEntity.ok().eTag(message.eTag().value()).body(message);
    }

    /// Read many messages.
    ///
    /// By their ids, which may be in several mailboxes, in one request. What is not answered is
    /// named: ids of which there is no message, and messages beyond the octets that one request
    /// reads. When the mail server fails, the request does; fewer messages are never an answer. So
    /// does a text that is no message id: the 400 tells which. Reading does not set `$seen`.
    @DeclaresProblems({400, 409, 422})
    @PostMapping("/messages/get")
    @RequiresScope(Scope.READ)
    MessagesById getMessages(Account account, @RequestBody MessagesRequest request) {
        return many.read(account, MessagesQuery.of(request));
    }

    /// Read a message as a web page.
    ///
    /// A whole document, safe to be shown in an iframe: sanitised, without scripts, forms and style
    /// sheets of its own, under a strict content security policy. Pictures that came with the
    /// message lead to its parts and are loaded when they are shown; content of other servers is
    /// taken out, and counted, unless it is allowed. Plain text is made into HTML. Messages that
    /// bring no colours follow the reader's choice of light or dark.
    ///
    /// @param remote Whether pictures of other servers may be loaded, which tells these servers
    ///   that the message was read.
    /// @param links How its pictures are referred to: by `relative` URLs, which need the caller's
    ///   credentials, or by `signed` ones that need none for a short while, so that a browser loads
    ///   them.
    @DeclaresProblems({400, 404, 410, 412})
    @SendsHeaders({
        HttpHeaders.ETAG,
        "Content-Security-Policy",
        MessageHtml.BLOCKED,
        MessageHtml.TRUNCATED
    })
    @GetMapping(path = "/messages/{messageId}/html", produces = MediaType.TEXT_HTML_VALUE)
    @RequiresScope(Scope.READ)
    ResponseEntity<String> getMessageHtml(
            Caller caller,
            @PathVariable MessageId messageId,
            @RequestParam(defaultValue = "block") RemoteContent remote,
            @RequestParam(defaultValue = "relative") PartLinks links) {
        var urls = links.urls(caller, messageId, fileLinks);
        return messages.html(caller.account(), messageId, remote, urls).response();
    }

    /// Change a message's keywords, or move it.
    ///
    /// Keywords are stored first, then the message is moved; the mailbox to move it to is looked at
    /// before either. Changes of one message are made one after another: of several moves at once
    /// one succeeds, and the others are 404. Behind several gateways two moves of one message at
    /// the same time may both leave a copy, as IMAP has no way to tell.
    ///
    /// A token also needs the scope `delete` to set `$deleted`, `$draft`, `$SubmitPending` or
    /// `$Submitted`.
    @DeclaresProblems({400, 404, 409, 410, 412, 415, 422, 507})
    @SendsHeaders(HttpHeaders.ETAG)
    @PatchMapping(
            path = "/messages/{messageId}",
            consumes = {MERGE_PATCH, MediaType.APPLICATION_JSON_VALUE})
    @RequiresScope(Scope.ORGANIZE)
    ResponseEntity<MessageState> updateMessage(
            Account account,
            @PathVariable MessageId messageId,
            @RequestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Schema(implementation = MessagePatch.class) @RequestBody JsonNode patch) {
        var wanted = MessagePatch.parse(patch);
        KeywordScopes.require(account, wanted.keywords());
        var state =
                changes.update(account, messageId.ref(), wanted, IfMatch.parse(ifMatch))
                        .toldTo(account);
        var response = ResponseEntity.ok();
        if (state.eTag() != null) {
            response.eTag(state.eTag().value());
        }
        return response.body(state);
    }

    /// Copy a message to another mailbox.
    ///
    /// The copy has an id of its own; the message stays where it is.
    @DeclaresProblems({400, 404, 409, 410, 422, 507})
    @SendsHeaders(HttpHeaders.LOCATION)
    @Idempotent
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping("/messages/{messageId}/copy")
    @RequiresScope(Scope.ORGANIZE)
    ResponseEntity<CopiedMessage> copyMessage(
            Account account, @PathVariable MessageId messageId, @RequestBody CopyRequest request) {
        var copied = changes.copy(account, messageId.ref(), request.mailboxId());
        return copied.id() == null
                ? ResponseEntity.status(HttpStatus.CREATED).body(copied)
                : ResponseEntity.created(Locations.of("/v1/messages/" + copied.id())).body(copied);
    }

    /// Delete a message.
    ///
    /// Moves it to the trash. A message that is in the trash already, or for which there is none,
    /// is only deleted with `permanent=true`: 422 otherwise.
    ///
    /// @param permanent Remove the message for good.
    @DeclaresProblems({400, 404, 409, 410, 412, 422})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeleteMapping("/messages/{messageId}")
    @RequiresScope(Scope.DELETE)
    void deleteMessage(
            Account account,
            @PathVariable MessageId messageId,
            @RequestHeader(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @RequestParam(defaultValue = "false") boolean permanent) {
        if (permanent) {
            changes.expunge(account, messageId.ref(), IfMatch.parse(ifMatch));
        } else {
            changes.moveToTrash(account, messageId.ref(), IfMatch.parse(ifMatch));
        }
    }
}
