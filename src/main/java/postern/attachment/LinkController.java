package postern.attachment;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Scope;
import postern.web.Caller;
import postern.web.RequiresScope;
import postern.web.contract.DownloadOperation;
import postern.web.id.LocatedIds;
import postern.web.id.MessageId;
import postern.web.link.FileLinks;
import postern.web.link.LinkKind;
import postern.web.problem.DeclaresProblems;

/** Signed links to files for clients that cannot send a header, such as an {@code <img>}. */
@RestController
@RequestMapping("/v1")
@Tag(name = "attachments", description = "Messages and their parts as files.")
class LinkController {

    private final StoredFiles storedFiles;
    private final FileLinks links;
    private final FileDelivery delivery;
    private final LocatedIds ids;

    LinkController(
            StoredFiles storedFiles, FileLinks links, FileDelivery delivery, LocatedIds ids) {
        this.storedFiles = storedFiles;
        this.links = links;
        this.delivery = delivery;
        this.ids = ids;
    }

    /// Make links to files of a message.
    ///
    /// URLs that work with no header, for `<img>`, `<a>` and `<video>`. Each opens one file and
    /// nothing else, for a short while, until it expires. A link that was made in a session also
    /// ends with it, in the gateway process that ended the session and until that restarts: other
    /// replicas open it until it expires. A link that was made with Basic credentials lives until
    /// it expires. The gateway stores nothing.
    @DeclaresProblems({404, 410})
    @PostMapping("/messages/{messageId}/links")
    @RequiresScope(Scope.READ)
    LinkList createLinks(
            Caller caller,
            @PathVariable MessageId messageId,
            @Valid @RequestBody LinkRequest order) {
        var lifetime = links.lifetime(order.lifetimeSeconds(), "/lifetimeSeconds");
        var files = order.of(messageId);
        storedFiles.require(caller.account(), files);
        return LinkList.of(
                files.stream().map(file -> links.create(caller, file, lifetime)).toList());
    }

    /// Open a link.
    ///
    /// Answers the file as the operation would that downloads it. No credentials are asked for or
    /// looked at.
    ///
    /// @param token The last part of a link's `url`.
    @SecurityRequirements
    @DownloadOperation(value = "*/*", ranges = true)
    @DeclaresProblems({404, 410, 412})
    @GetMapping("/links/{token}")
    @RequiresScope
    void openLink(
            @Parameter(
                            schema =
                                    @Schema(
                                            type = "string",
                                            example =
                                                    "5f0a3c91d27e.eyJraWQiOi.dGhlIG5v.bmNlIGFu.cmVzdA"))
                    @PathVariable
                    String token,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var link = links.open(token).located(ids);
        // Pages of other origins with a COEP header load only resources that allow it.
        response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
        var account = link.account();
        var caching = CachePolicy.atMost(link.remaining());
        if (link.file().kind() == LinkKind.ATTACHMENTS) {
            var message = link.file().message();
            delivery.send(
                    storedFiles.attachments(account, message, true), caching, request, response);
        } else {
            delivery.send(
                    account, storedFiles.file(account, link.file()), caching, request, response);
        }
    }
}
