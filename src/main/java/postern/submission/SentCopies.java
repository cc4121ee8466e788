package postern.submission;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.Pause;
import postern.web.problem.ProblemException;

/** Looks for copies that the gateway has not stored: those of providers, and of other programs. */
@Component
final class SentCopies {

    private static final Logger log = LoggerFactory.getLogger(SentCopies.class);

    /** How long a provider's own copy is waited for, and the time between two looks. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final StoredRequests stored;
    private final InstantSource clock = InstantSource.system();

    SentCopies(StoredRequests stored) {
        this.stored = stored;
    }

    /** Null where there is none, or it cannot be looked for. */
    @Nullable StoredRequest find(Account account, MailboxName sent, List<String> ids) {
        return find(account, sent, ids, Duration.ZERO);
    }

    /** Like {@link #find}, with some time for a provider to store it. */
    @Nullable StoredRequest await(Account account, MailboxName sent, List<String> ids) {
        return find(account, sent, ids, PATIENCE);
    }

    private @Nullable StoredRequest find(
            Account account, MailboxName sent, List<String> ids, Duration patience) {
        var end = clock.instant().plus(patience);
        for (; ; Pause.of(PAUSE)) {
            try {
                var found = stored.find(account, sent, Access.READ_ONLY, ids).messages();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            } catch (ImapException | ProblemException e) {
                log.info("a copy among the sent messages cannot be looked for: {}", e.getMessage());
                return null;
            } catch (RuntimeException e) {
                log.warn("a message is sent, and looking for its copy failed", e);
                return null;
            }
            if (!clock.instant().isBefore(end)) {
                return null;
            }
        }
    }
}
