package postern.thread;

import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.RequiresScope;
import postern.web.TaggedByContent;
import postern.web.contract.Bounds;
import postern.web.contract.SendsHeaders;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.ThreadId;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1")
@Tag(name = "threads", description = "Conversations: messages that belong together.")
class ThreadController {

    private final Threads threads;

    ThreadController(Threads threads) {
        this.threads = threads;
    }

    /// List a mailbox's threads.
    ///
    /// That with the newest message first, by the order in which messages came into the mailbox.
    /// Messages belong together when they refer to each other or to the same message; that subjects
    /// are alike does not count. Where the mail server itself knows threads (`threadIds` of the
    /// account's features), its word holds, and a thread's id is the `threadId` of its messages; of
    /// what is listed in the trash or junk the id leads to what is there. New mail does not shift a
    /// page: a thread stands on later pages where it stood when the first page was made. All
    /// conditions that are given must hold, those for words and flags for one and the same message
    /// of the mailbox.
    ///
    /// @param limit How many threads a page has.
    /// @param scope Whether a thread has only its messages in this mailbox, or also those in the
    ///   account's other mailboxes but the trash and junk, such as what was sent. A message that is
    ///   in several of them counts once.
    /// @param unseen Only threads with a message without `$seen`, or only those without one.
    /// @param flagged Only threads with a message with `$flagged`, or only those without one.
    @DeclaresProblems({400, 404, 410, 412, 422})
    @SendsHeaders(HttpHeaders.ETAG)
    @TaggedByContent
    @GetMapping("/mailboxes/{mailboxId}/threads")
    @RequiresScope(Scope.READ)
    ThreadPage listThreads(
            Account account,
            @PathVariable MailboxId mailboxId,
            @Bounds(min = 1, max = 200) @RequestParam(defaultValue = "50") int limit,
            @RequestParam @Nullable Cursor cursor,
            @RequestParam(defaultValue = "mailbox") ThreadScope scope,
            @RequestParam @Nullable Boolean unseen,
            @RequestParam @Nullable Boolean flagged,
            @RequestParam @Nullable String from,
            @RequestParam @Nullable String to,
            @RequestParam @Nullable String subject,
            @RequestParam @Nullable String text) {
        var filter = new ThreadFilter(unseen, flagged, from, to, subject, text);
        return threads.list(account, mailboxId, cursor, new ThreadQuery(limit, scope, filter));
    }

    /// Read a thread.
    ///
    /// All of its messages as lists show them, and which answers which. The id stays good when
    /// messages join the thread, and also when some of them go, as long as others refer to its
    /// oldest one. Of a thread that the mail server itself knows, messages in the trash and junk
    /// are shown when there are no others, or when it was listed there.
    ///
    /// @param scope Whether to look in the mailbox that the thread was listed for, or in all of the
    ///   account's but the trash and junk (unless the thread was listed there). When not given, in
    ///   the mailbox, or in the account, if the mail server itself knows the thread: then nothing
    ///   but `account` is possible.
    @DeclaresProblems({400, 404, 410})
    @GetMapping("/threads/{threadId}")
    @RequiresScope(Scope.READ)
    ThreadDetail getThread(
            Account account,
            @PathVariable ThreadId threadId,
            @RequestParam @Nullable ThreadScope scope) {
        return threads.read(account, threadId, scope);
    }
}
