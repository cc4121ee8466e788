package postern.search;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Scope;
import postern.web.Caller;
import postern.web.ClientAddress;
import postern.web.RequiresScope;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1")
@Tag(name = "search", description = "Search: messages of one, several or all mailboxes.")
class SearchController {

    private final SearchWait searches;

    SearchController(SearchWait searches) {
        this.searches = searches;
    }

    /// Search for messages.
    ///
    /// In one, several or all mailboxes, merged in the order of `sort`. New mail does not shift a
    /// page, nor do messages that go. A mailbox that cannot be searched is named and left out; only
    /// when there is no other, the search fails. One that was numbered anew between two pages
    /// (`mailbox-reset`) stays out of those that follow: search again to have it.
    ///
    /// With `waitSeconds` it waits for the first message that matches, such as the mail with a code
    /// in it: the answer comes as soon as the mail server reports it, and has no items when the
    /// time is over. Say `since`, so that older mail is not found at once. Of more than 100
    /// mailboxes the others are looked into only when the time is over.
    @DeclaresProblems({400, 404, 409, 410, 422})
    @PostMapping("/search")
    @RequiresScope(Scope.READ)
    SearchPage searchMessages(
            Caller caller, @RequestBody SearchRequest request, HttpServletRequest http) {
        return searches.search(caller, ClientAddress.of(http), SearchQuery.of(request));
    }
}
