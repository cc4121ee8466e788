package postern.session;

import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.identity.Identities;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.web.RequiresScope;

@RestController
@RequestMapping("/v1/account")
@Tag(name = "account", description = "The mail account of who is asking.")
final class AccountController {

    private final ImapConnections connections;
    private final Identities identities;

    AccountController(ImapConnections connections, Identities identities) {
        this.connections = connections;
        this.identities = identities;
    }

    /// Tell what the mail server offers.
    ///
    /// What it does itself, what the gateway does in its stead, and how much it takes; and the
    /// addresses that the user may send as.
    @GetMapping
    @RequiresScope(Scope.READ)
    AccountDetail getAccount(Account account) {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return AccountDetail.of(account, connection, identities.of(account));
        }
    }
}
