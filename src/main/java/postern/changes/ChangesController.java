package postern.changes;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.message.metadata.MessageField;
import postern.web.Caller;
import postern.web.ClientAddress;
import postern.web.RequiresScope;
import postern.web.contract.Bounds;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.SyncState;
import postern.web.problem.DeclaresProblems;
import postern.web.problem.InvalidRequest;

@RestController
@RequestMapping("/v1")
@Tag(name = "changes", description = "What changed since an app last looked.")
class ChangesController {

    private static final String LIMIT = "500";
    private static final String MOST_SECONDS = "must be from 0 to " + ChangesWait.MOST_SECONDS;

    private final ChangesWait changes;
    private final ChangedMailboxes mailboxes;

    ChangesController(ChangesWait changes, ChangedMailboxes mailboxes) {
        this.changes = changes;
        this.mailboxes = mailboxes;
    }

    /// Tell which mailboxes of the account changed.
    ///
    /// For an app that keeps copies of several mailboxes: one request instead of one for each. It
    /// compares counters, which costs one round trip to a mail server with LIST-STATUS and two
    /// elsewhere. What changed in a mailbox, `listChanges` tells. A state that is no good is told
    /// in `expired` and does not affect the others.
    @DeclaresProblems({400})
    @PostMapping("/changes")
    @RequiresScope(Scope.READ)
    AccountChanges queryAccountChanges(
            Account account, @Valid @RequestBody AccountChangesRequest request) {
        return mailboxes.since(account, request.states());
    }

    /// Tell what changed in a mailbox.
    ///
    /// Since the `state` of `listMessages` or of an earlier answer. An app that keeps a copy of a
    /// mailbox lists it once with `withState=true`, and then asks for changes alone. When the
    /// answer is 410 `state-expired`, what changed cannot be told with certainty: list the mailbox
    /// anew. Apply all pages together, when the last one has come.
    ///
    /// With `waitSeconds` an answer without changes comes only when that time is over: ask again at
    /// once, and changes are told as soon as the mail server reports them. `streamEvents` does the
    /// same without repeated requests.
    ///
    /// @param since The `state` of the list, or of the changes before.
    /// @param limit How many changes a page has.
    /// @param waitSeconds How long to wait for a change when there is none, in seconds.
    /// @param fields The fields of `added`; when not given, all but `attachments`, `automatic`,
    ///   `list` and `receiptRequested`.
    @DeclaresProblems({400, 404, 410, 422})
    @GetMapping("/mailboxes/{mailboxId}/changes")
    @RequiresScope(Scope.READ)
    ChangesPage listChanges(
            Caller caller,
            @PathVariable MailboxId mailboxId,
            @RequestParam SyncState since,
            @Bounds(min = 1, max = 1000) @RequestParam(defaultValue = LIMIT) int limit,
            @RequestParam @Nullable Cursor cursor,
            @RequestParam @Nullable List<MessageField> fields,
            @Bounds(min = 0, max = 60) @RequestParam(defaultValue = "0") int waitSeconds,
            HttpServletRequest http) {
        if (limit < 1 || limit > Changes.MOST) {
            throw InvalidRequest.parameter("limit", "must be from 1 to " + Changes.MOST);
        }
        if (waitSeconds < 0 || waitSeconds > ChangesWait.MOST_SECONDS) {
            throw InvalidRequest.parameter("waitSeconds", MOST_SECONDS);
        }
        return changes.list(
                caller,
                ClientAddress.of(http),
                mailboxId,
                new ChangesQuery(since, limit, cursor, fields),
                waitSeconds);
    }

    /// Tell what changed in a mailbox, for a long state.
    ///
    /// Like `listChanges`, with the state in the body: it may be too long for a URL.
    @DeclaresProblems({400, 404, 410, 422})
    @PostMapping("/mailboxes/{mailboxId}/changes")
    @RequiresScope(Scope.READ)
    ChangesPage queryChanges(
            Caller caller,
            @PathVariable MailboxId mailboxId,
            @RequestBody ChangesRequest request,
            HttpServletRequest http) {
        int limit = request.limit() == null ? Integer.parseInt(LIMIT) : request.limit();
        if (limit < 1 || limit > Changes.MOST) {
            throw InvalidRequest.at("/limit", "must be from 1 to " + Changes.MOST);
        }
        int seconds = request.waitSeconds() == null ? 0 : request.waitSeconds();
        if (seconds < 0 || seconds > ChangesWait.MOST_SECONDS) {
            throw InvalidRequest.at("/waitSeconds", MOST_SECONDS);
        }
        return changes.list(
                caller,
                ClientAddress.of(http),
                mailboxId,
                new ChangesQuery(request.since(), limit, request.cursor(), request.fields()),
                seconds);
    }
}
