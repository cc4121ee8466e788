package postern.compose;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.mock.web.MockMultipartHttpServletRequest;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;
import postern.message.part.StoredParts;
import postern.testserver.TestServer;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.transfer.SpoolSpace;
import tools.jackson.databind.json.JsonMapper;

/** Composes messages on one account of one server. */
final class ComposeFixture {

    static final MailboxId INBOX = MailboxId.of(MailboxName.INBOX);
    static final Drafts.Wishes NO_WISHES = new Drafts.Wishes(null, null);

    final Account account;
    private final Drafts drafts;
    private final StoredParts stored;
    private final ImapConnections connections;
    private final JsonMapper json;
    private final ComposeProperties limits;
    private final SpoolSpace space;

    ComposeFixture(
            TestServer server,
            Drafts drafts,
            StoredParts stored,
            ImapConnections connections,
            JsonMapper json,
            ComposeProperties limits,
            SpoolSpace space) {
        this.account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        server.newUser(),
                        new Password(server.password()));
        this.drafts = drafts;
        this.stored = stored;
        this.connections = connections;
        this.json = json;
        this.limits = limits;
        this.space = space;
    }

    MessageRef compose(String message) {
        return ref(drafts.create(account, INBOX, NO_WISHES, json(message)));
    }

    MessageRef upload(String message, String... keywords) {
        var wishes = new Drafts.Wishes(List.of(keywords), null);
        return ref(drafts.create(account, INBOX, wishes, raw(message)));
    }

    MessageRef composeWithFiles(String message, MockMultipartFile... files) {
        var request = new MockMultipartHttpServletRequest();
        request.addFile(
                new MockMultipartFile(
                        "message", "", "application/json", quoted(message).getBytes(UTF_8)));
        for (var file : files) {
            request.addFile(file);
        }
        var submission = new MessageInput(request, json, limits, space);
        try {
            return ref(drafts.create(account, INBOX, NO_WISHES, submission));
        } finally {
            // SpoolFilter does this for HTTP requests
            space.giveBackOf(request);
        }
    }

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    MessageRef replace(MessageRef old, @Nullable String ifMatch, String message) {
        return ref(drafts.replace(account, old, ifMatch, NO_WISHES, json(message)));
    }

    MessageRef reply(Replies replies, MessageRef message, String wanted) {
        return reply(replies, MessageId.of(message), wanted);
    }

    MessageRef reply(Replies replies, MessageId message, String wanted) {
        var request = json.readValue(quoted(wanted), ReplyRequest.class);
        return ref(replies.reply(account, message, request));
    }

    MessageRef forward(Replies replies, MessageRef message, String wanted) {
        return forward(replies, MessageId.of(message), wanted);
    }

    MessageRef forward(Replies replies, MessageId message, String wanted) {
        var request = json.readValue(quoted(wanted), ForwardRequest.class);
        return ref(replies.forward(account, message, request));
    }

    private static MessageRef ref(CreatedMessage created) {
        assertThat(created.size()).isPositive();
        return requireNonNull(created.id()).ref();
    }

    private MessageInput json(String message) {
        var request = new MockHttpServletRequest();
        request.setContentType("application/json");
        request.setContent(quoted(message).getBytes(StandardCharsets.UTF_8));
        return new MessageInput(request, json, limits, space);
    }

    private MessageInput raw(String message) {
        var request = new MockHttpServletRequest();
        request.setContentType("message/rfc822");
        request.setContent(message.getBytes(StandardCharsets.UTF_8));
        return new MessageInput(request, json, limits, space);
    }

    private static String quoted(String message) {
        return message.replace('\'', '"');
    }

    /** The octets on the server. */
    byte[] octets(MessageRef message) throws IOException {
        var out = new ByteArrayOutputStream();
        stored.copy(account, message, "", null, out);
        return out.toByteArray();
    }

    MimeMessage read(MessageRef message) throws IOException, MessagingException {
        return new MimeMessage(null, new ByteArrayInputStream(octets(message)));
    }

    Set<Flag> flags(MessageRef message) {
        try (var mailbox = open(message)) {
            var fetched = mailbox.fetch(message.uid(), FetchItems.of(FetchItem.FLAGS));
            return requireNonNull(fetched.flags());
        }
    }

    void store(MessageRef message, postern.imap.message.FlagChange change) {
        try (var mailbox = open(message)) {
            mailbox.store(UidSet.of(message.uid()), change);
        }
    }

    long count() {
        try (var connection = connections.borrow(account, Lane.INTERACTIVE)) {
            return Objects.requireNonNull(connection.status(MailboxName.INBOX).messages());
        }
    }

    private postern.imap.SelectedMailbox open(MessageRef message) {
        return connections.select(account, message.mailbox(), Access.READ_WRITE, Lane.INTERACTIVE);
    }
}
