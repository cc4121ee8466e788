package postern.session;

import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.web.Caller;
import postern.web.Locations;
import postern.web.RequiresScope;
import postern.web.contract.SendsHeaders;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/sessions")
@Tag(name = "sessions", description = "Logging in and out.")
final class SessionController {

    private final Sessions sessions;
    private final Narrowing narrowing;

    SessionController(Sessions sessions, Narrowing narrowing) {
        this.sessions = sessions;
        this.narrowing = narrowing;
    }

    /// Log in.
    ///
    /// Answers a token that stands for the credential until it expires, on every replica that has
    /// the same keys. The gateway stores nothing, except for a login with a `code`: then it keeps
    /// what the provider granted, encrypted under a key that only the session token has, and gets
    /// new access tokens by itself; the session token stays the same.
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @SecurityRequirements
    @DeclaresProblems(422)
    @SendsHeaders(HttpHeaders.LOCATION)
    @RequiresScope
    @Audited
    ResponseEntity<NewSession> createSession(@Valid @RequestBody Login login) {
        return ResponseEntity.created(Locations.of("/v1/sessions/current"))
                .body(sessions.start(login));
    }

    /// Tell who is asking.
    ///
    /// A token is only opened; a user name and password are tried on the mail server.
    @GetMapping("/current")
    @RequiresScope
    CurrentSession getSession(Caller caller) {
        return sessions.current(caller);
    }

    /// Replace the access token.
    ///
    /// Logs in with the new access token, and answers a new session token of the same session,
    /// which ends when it would have ended. The session token from before is good until its own
    /// access token ends; logging out ends both. A narrowed token is not refreshed: narrow the
    /// refreshed one.
    @PatchMapping(path = "/current", consumes = MediaType.APPLICATION_JSON_VALUE)
    @DeclaresProblems(422)
    @RequiresScope(wholeSession = true)
    @Audited
    NewSession refreshSession(Caller caller, @Valid @RequestBody AccessTokenUpdate update) {
        return sessions.refresh(caller, update);
    }

    /// Make a token that can do less.
    ///
    /// Answers another token for the same account, with only these scopes and mailboxes, which ends
    /// when it is told to, and in any case with the present one: for a widget, a helper or an agent
    /// that must not have the whole account. It can be narrowed on, eight times, and never widened.
    /// The mail server is asked only where `mailboxIds` names a role.
    @PostMapping("/current/narrow")
    @RequiresScope
    @Audited
    NewSession narrowSession(Caller caller, @Valid @RequestBody NarrowRequest request) {
        return narrowing.narrow(caller, request);
    }

    /// Log out.
    ///
    /// A narrowed token ends only itself and the tokens that were narrowed from it. Other tokens
    /// end with all that were narrowed from them.
    ///
    /// This gateway process refuses the token from now on and closes the connections to the mail
    /// server that it opened with its credential. Each process remembers by itself which sessions
    /// have ended: other replicas, and this one after a restart, take the token until it expires.
    /// What a provider granted for a `code` is forgotten and, where the operator has configured
    /// that, revoked at the provider; a grant that a subscription looks with is kept for it.
    ///
    /// @param subscriptions `end` ends the subscriptions that the token may see; otherwise they go
    ///   on, except that those of a narrowed token stop with it.
    @DeleteMapping("/current")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @DeclaresProblems(imap = false)
    @RequiresScope
    void endSession(
            Caller caller,
            @RequestParam(defaultValue = "keep") SubscriptionsAtLogout subscriptions) {
        sessions.end(caller, subscriptions);
    }
}
