package postern.session;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Scope;
import postern.account.Session;
import postern.account.SessionTokens;
import postern.account.TokenLimits;
import postern.imap.ImapException;
import postern.mailbox.directory.MailboxResolver;
import postern.oauth.Grants;
import postern.web.Caller;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Makes weaker tokens of the token of a request; never one that may do more than that. */
@Component
final class Narrowing {

    /** A token has the ids of all sessions that it was narrowed from. */
    private static final int DEEPEST = 8;

    /** With a longer one the session token would not fit into the headers of a request. */
    private static final int LONGEST_TOKEN = 15_000;

    private final SessionTokens tokens;
    private final MailboxResolver mailboxes;
    private final Grants grants;
    private final InstantSource clock = InstantSource.system();

    Narrowing(SessionTokens tokens, MailboxResolver mailboxes, Grants grants) {
        this.grants = grants;
        this.tokens = tokens;
        this.mailboxes = mailboxes;
    }

    NewSession narrow(Caller caller, NarrowRequest wanted) {
        var session = caller.session();
        if (session == null) {
            throw InvalidRequest.parameter(
                    HttpHeaders.AUTHORIZATION, "must be a session token, which can be narrowed");
        }
        if (session.within().size() >= DEEPEST) {
            throw InvalidRequest.parameter(
                    HttpHeaders.AUTHORIZATION,
                    "is a token that was narrowed %d times already".formatted(DEEPEST));
        }
        var account = session.account();
        var limits =
                new TokenLimits(
                        scopes(account.limits(), wanted.scopes()),
                        wanted.mailboxIds() == null
                                ? account.limits().mailboxes()
                                : names(account, wanted.mailboxIds()));
        var narrowed = tokens.narrow(session, limits, end(session, wanted.expiresAt()));
        var token = tokens.seal(narrowed);
        if (token.length() > LONGEST_TOKEN) {
            throw InvalidRequest.at("/mailboxIds", "have names too long for one token");
        }
        return NewSession.of(
                narrowed, token, AccessTokenState.of(narrowed.account().credential(), grants));
    }

    private static Set<Scope> scopes(TokenLimits present, List<Scope> wanted) {
        var scopes = EnumSet.noneOf(Scope.class);
        for (int i = 0; i < wanted.size(); i++) {
            if (!present.permits(wanted.get(i))) {
                throw InvalidRequest.at("/scopes/" + i, "is a scope that the present token lacks");
            }
            scopes.add(wanted.get(i));
        }
        return scopes;
    }

    private Set<String> names(Account account, List<MailboxId> ids) {
        var names = new HashSet<String>();
        for (int i = 0; i < ids.size(); i++) {
            var at = "/mailboxIds/" + i;
            try {
                names.add(mailboxes.resolveNow(account, ids.get(i)).wire());
            } catch (ImapException.OutOfScope _) {
                throw InvalidRequest.at(at, "is a mailbox that the present token does not reach");
            } catch (ImapException.MailboxNotFound _) {
                throw InvalidRequest.at(at, "is not a mailbox of this account");
            } catch (ProblemException e) {
                throw e.code() == ProblemCode.MAILBOX_NOT_FOUND
                        ? InvalidRequest.at(at, "is a role that no mailbox has")
                        : e;
            }
        }
        return names;
    }

    private Instant end(Session session, @Nullable Instant wanted) {
        if (wanted == null) {
            return session.expiresAt();
        }
        var end = wanted.truncatedTo(ChronoUnit.SECONDS);
        if (!clock.instant().isBefore(end)) {
            throw InvalidRequest.at("/expiresAt", "is in the past");
        }
        if (end.isAfter(session.expiresAt())) {
            throw InvalidRequest.at("/expiresAt", "is after the end of the present token");
        }
        return end;
    }
}
