package postern.subscription;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Scope;
import postern.web.Caller;
import postern.web.Locations;
import postern.web.RequiresScope;
import postern.web.contract.SendsHeaders;
import postern.web.log.Audited;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/subscriptions")
@Tag(
        name = "subscriptions",
        description = "Webhooks: being told of changes by requests to the app's own server.")
class SubscriptionController {

    private static final String EXAMPLE = "sub_4GvGZ1k0vJ3o2m7Nw9aBcQ";

    private final Subscriptions subscriptions;

    SubscriptionController(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /// Subscribe to changes.
    ///
    /// From now on the gateway posts what changes to the URL, signed as Standard Webhooks says,
    /// also when the session has ended. It keeps the credential of this request, encrypted, and
    /// looks at the mail with it: no wider than the token of this request may. Deliveries come at
    /// least once; an event that comes again has the same `id`. The first delivery is made at once,
    /// and must succeed: otherwise the answer is 422 `webhook-refused`. A narrowed token's
    /// subscription ends with that token; one that was made with an access token ends when that
    /// does.
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @DeclaresProblems({404, 409, 422})
    @SendsHeaders(HttpHeaders.LOCATION)
    @RequiresScope(Scope.READ)
    @Audited
    ResponseEntity<Subscription> createSubscription(
            Caller caller, @Valid @RequestBody SubscriptionRequest request) {
        var created = subscriptions.create(caller, request);
        return ResponseEntity.created(Locations.of("/v1/subscriptions/" + created.id()))
                .body(created);
    }

    /// List subscriptions.
    @GetMapping
    @RequiresScope(Scope.READ)
    SubscriptionList listSubscriptions(Caller caller) {
        return new SubscriptionList(subscriptions.all(caller));
    }

    /// Tell what became of a subscription.
    @DeclaresProblems({404})
    @GetMapping("/{subscriptionId}")
    @RequiresScope(Scope.READ)
    Subscription getSubscription(
            Caller caller,
            @Parameter(schema = @Schema(type = "string", example = EXAMPLE)) @PathVariable
                    String subscriptionId) {
        return subscriptions.get(caller, subscriptionId);
    }

    /// Renew, resume or change a subscription.
    ///
    /// Renewing, resuming and another URL keep the credential of this request instead of the one
    /// before, with the same limits. A new secret is only in the answer.
    @DeclaresProblems({404, 422})
    @PatchMapping(path = "/{subscriptionId}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scope.READ)
    @Audited
    Subscription updateSubscription(
            Caller caller,
            @Parameter(schema = @Schema(type = "string", example = EXAMPLE)) @PathVariable
                    String subscriptionId,
            @Valid @RequestBody SubscriptionUpdate update) {
        return subscriptions.update(caller, subscriptionId, update);
    }

    /// End a subscription.
    ///
    /// A delivery that is on its way may still arrive.
    @DeclaresProblems({404})
    @DeleteMapping("/{subscriptionId}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequiresScope(Scope.READ)
    void deleteSubscription(
            Caller caller,
            @Parameter(schema = @Schema(type = "string", example = EXAMPLE)) @PathVariable
                    String subscriptionId) {
        subscriptions.delete(caller, subscriptionId);
    }
}
