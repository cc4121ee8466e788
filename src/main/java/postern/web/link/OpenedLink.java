package postern.web.link;

import java.time.Duration;
import postern.account.Account;

/** The content of a valid link: account, file, and remaining lifetime. */
public record OpenedLink(Account account, LinkedFile file, Duration remaining) {}
