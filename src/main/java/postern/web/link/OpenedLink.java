package postern.web.link;

import java.time.Duration;
import postern.account.Account;

/** What came out of a link that is still good: whose file it is, which one, and for how long. */
public record OpenedLink(Account account, LinkedFile file, Duration remaining) {}
