package postern.discovery;

import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.web.RequiresScope;
import postern.web.problem.DeclaresProblems;

@RestController
@RequestMapping("/v1/discovery")
@Tag(name = "sessions", description = "Logging in and out.")
final class DiscoveryController {

    private final Discovery discovery;

    DiscoveryController(Discovery discovery) {
        this.discovery = discovery;
    }

    /// Find the mail server of an address.
    ///
    /// Looks at the mail servers of the gateway and at the presets, and, where the operator has
    /// switched that on, asks the domain of the address: autoconfig, SRV and MX. No credentials are
    /// needed, and nothing but the domain is sent out. What a domain says of itself is not
    /// trustworthy: show the user which server it is before you ask for a password.
    @PostMapping
    @SecurityRequirements
    @DeclaresProblems(
            imap = false,
            value = {404, 429, 504})
    @RequiresScope
    DiscoveredServers discoverServer(@Valid @RequestBody DiscoveryRequest request) {
        return discovery.find(request);
    }
}
