import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.*;
import org.openapitools.client.model.*;

/**
 * The scenario of README.md in this folder, with the client for Java that OkHttp and Gson carry.
 */
public class Drive {
    interface Call {
        void run() throws ApiException;
    }

    static void check(String what, boolean holds) {
        if (!holds) {
            throw new AssertionError("java: " + what + ": not what was expected");
        }
    }

    static Problem problem(Call call) throws Exception {
        try {
            call.run();
        } catch (ApiException e) {
            return Problem.fromJson(e.getResponseBody());
        }
        throw new AssertionError("java: no problem where one was expected");
    }

    public static void main(String[] args) throws Exception {
        File file = new File(args[0]);
        ApiClient client = new ApiClient().setBasePath(System.getenv("POSTERN_URL"));
        client.setUsername("demo");
        client.setPassword("demo");
        MessagesApi messages = new MessagesApi(client);
        SearchApi search = new SearchApi(client);

        List<Mailbox> mailboxes =
                new MailboxesApi(client).listMailboxes(null, null, null).getItems();
        check("list", mailboxes.get(0).getRole().equals("inbox"));

        MessagePage first = page(messages, null);
        MessagePage second = page(messages, first.getNextCursor());
        List<String> ids = new ArrayList<>();
        first.getItems().forEach(m -> ids.add(m.getId()));
        second.getItems().forEach(m -> ids.add(m.getId()));
        check(
                "page",
                new HashSet<>(ids).size() == 6 && first.getItems().get(0).getSubject() != null);
        String id = ids.get(0);

        Message message = messages.getMessage(id, List.of(Include.IncludeText), null);
        check("get", !message.getText().getContent().isEmpty());

        MessagePatch flag = new MessagePatch().putKeywordsItem("$flagged", true);
        check("flag", messages.updateMessage(id, flag, null).getKeywords().get("$flagged"));
        MessagePatch unflag = new MessagePatch().putKeywordsItem("$flagged", false);
        check(
                "unflag",
                !messages.updateMessage(id, unflag, null).getKeywords().containsKey("$flagged"));

        BatchRequest seen =
                new BatchRequest().ids(ids.subList(0, 2)).keywords(Map.of("$seen", true));
        BatchResult batch = messages.batchMessages(seen, null);
        check(
                "batch",
                batch.getSucceeded() == 2 && batch.getResults().get(0).getKeywords().get("$seen"));

        SearchFilter invoices = new SearchFilter().hasAttachment(true).subject("invoice");
        SearchPage found = search.searchMessages(new SearchRequest().filter(invoices).limit(5));
        check("search", !found.getItems().isEmpty() && found.getItems().get(0).getHasAttachment());

        MessageRequest numbers =
                new MessageRequest()
                        .addToItem(new EmailAddress().email("ada@example.org"))
                        .subject("Numbers")
                        .text("Hi")
                        .addAttachmentsItem(new AttachmentSource().part(file.getName()));
        String draft =
                new ComposeApi(client)
                        .createMessageWithFiles("drafts", null, List.of(file), numbers)
                        .getId();
        Message stored = messages.getMessage(draft, null, null);
        MessageAttachment attachment = stored.getAttachments().get(0);
        check(
                "compose",
                stored.getSubject().equals("Numbers")
                        && attachment.getName().equals(file.getName()));

        File copy =
                new AttachmentsApi(client)
                        .downloadPart(draft, attachment.getPartId(), null, null, null, null);
        check("download", Files.mismatch(copy.toPath(), file.toPath()) == -1);

        messages.deleteMessage(draft, null, true);
        Problem gone = problem(() -> messages.getMessage(draft, null, null));
        check("404", gone.getStatus() == 404 && gone.getCode().equals("message-not-found"));
        SearchRequest gmail = new SearchRequest().filter(new SearchFilter().gmailRaw("has:drive"));
        Problem refused = problem(() -> search.searchMessages(gmail));
        check("422", refused.getStatus() == 422 && refused.getCode().equals("not-possible"));
    }

    static MessagePage page(MessagesApi messages, String cursor) throws ApiException {
        List<MessageField> fields = List.of(MessageField.FieldId, MessageField.FieldSubject);
        return messages.listMessages(
                "inbox", 3, cursor, fields, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null, null);
    }
}
