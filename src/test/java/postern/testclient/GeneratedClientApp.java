package postern.testclient;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import postern.client.ApiClient;
import postern.client.ApiException;
import postern.client.api.AttachmentsApi;
import postern.client.api.MailboxesApi;
import postern.client.api.MailboxesApi.APIListMailboxesRequest;
import postern.client.api.MessagesApi;
import postern.client.api.MessagesApi.APIGetMessageRequest;
import postern.client.api.MessagesApi.APIListMessagesRequest;
import postern.client.api.MessagesApi.APIUpdateMessageRequest;
import postern.client.api.SessionsApi;
import postern.client.model.Login;
import postern.client.model.Mailbox;
import postern.client.model.MailboxList;
import postern.client.model.Message;
import postern.client.model.MessagePatch;
import postern.client.model.MessageState;
import postern.client.model.MessageSummary;
import postern.client.model.Problem;

/** A web app with one user: a session and the generated client. */
@NullMarked
public final class GeneratedClientApp {

    private final ApiClient http;

    private GeneratedClientApp(ApiClient http) {
        this.http = http;
    }

    public static GeneratedClientApp loggedIn(int port, String user, String password)
            throws ApiException {
        var login = new Login().username(user).password(password);
        var token = new SessionsApi(client(port)).createSession(login).getToken();
        return withToken(port, token);
    }

    public static GeneratedClientApp withToken(int port, String token) {
        var http = client(port);
        http.setRequestInterceptor(it -> it.header("Authorization", "Bearer " + token));
        return new GeneratedClientApp(http);
    }

    public static GeneratedClientApp loggedOut(int port) {
        return new GeneratedClientApp(client(port));
    }

    private static ApiClient client(int port) {
        return new ApiClient().setHost("localhost").setPort(port);
    }

    public SessionsApi sessions() {
        return new SessionsApi(http);
    }

    public MailboxesApi mailboxes() {
        return new MailboxesApi(http);
    }

    public MessagesApi messages() {
        return new MessagesApi(http);
    }

    public Mailbox mailbox(String path) throws ApiException {
        return listMailboxes().getItems().stream()
                .filter(it -> it.getPath().equals(path))
                .findFirst()
                .orElseThrow();
    }

    /** All mailboxes, with counts and rights. */
    public MailboxList listMailboxes() throws ApiException {
        return mailboxes().listMailboxes(APIListMailboxesRequest.newBuilder().build());
    }

    public APIListMessagesRequest.Builder list(String mailboxId) {
        return APIListMessagesRequest.newBuilder().mailboxId(mailboxId);
    }

    /** All messages of a mailbox, read page by page. */
    public List<MessageSummary> all(String mailboxId) throws ApiException {
        var all = new ArrayList<MessageSummary>();
        var page = messages().listMessages(list(mailboxId).limit(7).build());
        all.addAll(page.getItems());
        while (page.getNextCursor() != null) {
            page =
                    messages()
                            .listMessages(
                                    list(mailboxId).limit(7).cursor(page.getNextCursor()).build());
            all.addAll(page.getItems());
        }
        return all;
    }

    /** The id of the only message of that mailbox. */
    public String only(String mailboxId) throws ApiException {
        var all = all(mailboxId);
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " messages");
        }
        return all.getFirst().getId();
    }

    public Message read(String messageId) throws ApiException {
        return messages()
                .getMessage(APIGetMessageRequest.newBuilder().messageId(messageId).build());
    }

    /** The ETag of a message for If-Match. */
    public String eTag(String messageId) throws ApiException {
        var request = APIGetMessageRequest.newBuilder().messageId(messageId).build();
        var headers = messages().getMessageWithHttpInfo(request).getHeaders();
        return requireNonNull(headers.get("etag")).getFirst();
    }

    public MessageState update(String messageId, MessagePatch patch) throws ApiException {
        return messages()
                .updateMessage(
                        APIUpdateMessageRequest.newBuilder()
                                .messageId(messageId)
                                .messagePatch(patch)
                                .build());
    }

    public MessageState updateIf(String eTag, String messageId, MessagePatch patch)
            throws ApiException {
        return messages()
                .updateMessage(
                        APIUpdateMessageRequest.newBuilder()
                                .messageId(messageId)
                                .messagePatch(patch)
                                .ifMatch(eTag)
                                .build());
    }

    public byte[] raw(String messageId) throws ApiException, IOException {
        return octets(new AttachmentsApi(http).downloadMessage(messageId, null, null, null, null));
    }

    public byte[] part(String messageId, String partId) throws ApiException, IOException {
        return octets(
                new AttachmentsApi(http).downloadPart(messageId, partId, null, null, null, null));
    }

    private static byte[] octets(File downloaded) throws IOException {
        try {
            return Files.readAllBytes(downloaded.toPath());
        } finally {
            Files.delete(downloaded.toPath());
        }
    }

    public interface Call {
        void run() throws ApiException;
    }

    /** The problem of a call that must fail. */
    public Problem problem(Call call) {
        try {
            call.run();
        } catch (ApiException e) {
            var problem = http.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            if (problem.getStatus() != e.getCode()) {
                throw new AssertionError("status " + e.getCode() + " with " + problem);
            }
            return problem;
        }
        throw new AssertionError("the call succeeds");
    }
}
