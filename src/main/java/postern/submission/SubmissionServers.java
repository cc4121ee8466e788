package postern.submission;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.SaveCopy;
import postern.provider.MailServers;
import postern.provider.SentCopy;
import postern.provider.SmtpServer;
import postern.smtp.Submitter;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Where an account sends, and with which credential. */
@Component
final class SubmissionServers {

    private final MailServers servers;

    SubmissionServers(MailServers servers) {
        this.servers = servers;
    }

    /** Throws a 422 {@code not-possible} where no submission server is known. */
    Submitter submitter(Account account) {
        return known(account)
                .orElseThrow(() ->
                        new ProblemException(
                                ProblemCode.NOT_POSSIBLE,
                                "no submission server is configured for this mail server"));
    }

    Optional<Submitter> known(Account account) {
        return servers.submission(account.server()).map(server -> submitter(account, server));
    }

    private static Submitter submitter(Account account, SmtpServer server) {
        var own = account.submission();
        return own == null
                ? new Submitter(
                        account.server(),
                        server,
                        account.login(),
                        account.user(),
                        account.credential())
                : new Submitter(
                        account.server(), server, own.username(), own.username(), own.credential());
    }

    /** Whether the gateway stores the copy of what is sent through this server. */
    boolean storesCopy(SmtpServer server, @Nullable SaveCopy wish) {
        return switch (wish == null ? SaveCopy.AUTO : wish) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> !storesCopyItself(server);
        };
    }

    /**
     * Whether the provider may have stored the copy that the gateway would store, since nobody has
     * said who does.
     */
    boolean mayStoreCopyItself(SmtpServer server, @Nullable SaveCopy wish) {
        return (wish == null || wish == SaveCopy.AUTO) && servers.sentCopy(server).isEmpty();
    }

    /** Who stores the copy that the gateway does not store. */
    CopyResult withoutCopy(SmtpServer server, @Nullable SaveCopy wish) {
        return CopyResult.without(
                wish != SaveCopy.NEVER || storesCopyItself(server)
                        ? CopyResult.Outcome.BY_PROVIDER
                        : CopyResult.Outcome.NONE);
    }

    /** Whether the user's provider stores the copy of what is sent through it. */
    boolean storesCopyItself(Account account) {
        return servers.submission(account.server()).filter(this::storesCopyItself).isPresent();
    }

    boolean storesCopyItself(SmtpServer server) {
        return servers.sentCopy(server).filter(SentCopy.SERVER::equals).isPresent();
    }
}
