package postern.attachment;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ImapException;
import postern.imap.message.Section;
import postern.web.RequiresScope;
import postern.web.contract.DownloadOperation;
import postern.web.id.MessageId;
import postern.web.problem.DeclaresProblems;

/** Messages and their parts as files. */
@RestController
@RequestMapping("/v1/messages/{messageId}")
@Tag(name = "attachments", description = "Messages and their parts as files.")
class AttachmentController {

    private final StoredFiles files;
    private final FileDelivery delivery;

    AttachmentController(StoredFiles files, FileDelivery delivery) {
        this.files = files;
        this.delivery = delivery;
    }

    /// Download a message.
    ///
    /// The message as it is on the mail server. The octets never change, so that they may be cached
    /// for ever.
    @DownloadOperation(value = "message/rfc822", ranges = true)
    @DeclaresProblems({404, 410, 412})
    @GetMapping("/raw")
    @RequiresScope(Scope.READ)
    void downloadMessage(
            Account account,
            @PathVariable MessageId messageId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var file = files.message(account, messageId);
        delivery.send(account, file, CachePolicy.FOR_EVER, request, response);
    }

    /// Download a part of a message.
    ///
    /// A part with its transfer encoding taken off, such as an attachment. The octets never change,
    /// so that they may be cached for ever. A range is answered with the whole file where the mail
    /// server cannot tell how long the file is.
    ///
    /// @param partId The part's number in the message's structure.
    @DownloadOperation(value = "*/*", ranges = true)
    @DeclaresProblems({404, 410, 412})
    @GetMapping("/parts/{partId}")
    @RequiresScope(Scope.READ)
    void downloadPart(
            Account account,
            @PathVariable MessageId messageId,
            // An example at the parameter itself would become a number in the contract.
            @Parameter(schema = @Schema(type = "string", example = "2")) @PathVariable
                    String partId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (partId.isEmpty() || !Section.validPartId(partId)) {
            throw new ImapException.PartNotFound();
        }
        var file = files.part(account, messageId, partId);
        delivery.send(account, file, CachePolicy.FOR_EVER, request, response);
    }

    /// Download the attachments of a message.
    ///
    /// One ZIP with the files that came with the message, decoded, streamed. A message without any
    /// has no such ZIP: 404 `part-not-found`.
    ///
    /// @param inline Whether files that are shown within the text come along.
    @DownloadOperation("application/zip")
    @DeclaresProblems({404, 410})
    @GetMapping("/attachments.zip")
    @RequiresScope(Scope.READ)
    void downloadAttachments(
            Account account,
            @PathVariable MessageId messageId,
            @RequestParam(defaultValue = "false") boolean inline,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var zip = files.attachments(account, messageId, inline);
        delivery.send(zip, CachePolicy.REVALIDATED, request, response);
    }
}
