package postern.search;

import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.web.RequiresScope;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1")
@Tag(name = "search", description = "Search: messages of one, several or all mailboxes.")
class SearchController {

    private final Searches searches;

    SearchController(Searches searches) {
        this.searches = searches;
    }

    /// Search for messages.
    ///
    /// In one, several or all mailboxes, merged in the order of `sort`. New mail does not shift a
    /// page, nor do messages that go. A mailbox that cannot be searched is named and left out; only
    /// when there is no other, the search fails. One that was numbered anew between two pages
    /// (`mailbox-reset`) stays out of those that follow: search again to have it.
    @DeclaresProblems({400, 404, 409, 410, 422})
    @PostMapping("/search")
    @RequiresScope(Scope.READ)
    SearchPage searchMessages(Account account, @RequestBody SearchRequest request) {
        return searches.search(account, SearchQuery.of(request));
    }
}
