package postern.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.MailboxName;
import postern.web.id.MailboxId;

/** The limits of a token in answers. */
final class TokenScope {

    private TokenScope() {}

    static List<Scope> scopes(Account account) {
        return account.limits().scopes().stream().sorted().toList();
    }

    /** Null for all mailboxes. */
    static @Nullable List<MailboxId> mailboxIds(Account account) {
        var mailboxes = account.limits().mailboxes();
        return mailboxes == null
                ? null
                : mailboxes.stream()
                        .sorted()
                        .map(name -> MailboxId.of(new MailboxName(name)))
                        .toList();
    }
}
