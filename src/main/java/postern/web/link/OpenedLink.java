package postern.web.link;

import java.time.Duration;
import postern.account.Account;
import postern.web.id.LocatedIds;

/** The content of a valid link: account, file, and remaining lifetime. */
public record OpenedLink(Account account, LinkedFile file, Duration remaining) {

    /** With the mailbox of the message by its name. */
    public OpenedLink located(LocatedIds ids) {
        var located =
                new LinkedFile(
                        ids.of(account, file.message()),
                        file.kind(),
                        file.partId(),
                        file.disposition());
        return new OpenedLink(account, located, remaining);
    }
}
