package postern.submission;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.NewMessageId;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.message.metadata.MailingList;
import postern.mime.compose.HeaderWriter;
import postern.mime.compose.MessageWriter;
import postern.mime.compose.OutgoingPart;
import postern.mime.header.MailAddress;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Leaves mailing lists: by one request (RFC 8058), else by mail (RFC 2369, RFC 6068). */
@Component
class Unsubscriptions {

    private static final String DEFAULT_SUBJECT = "unsubscribe";

    private final ImapConnections connections;
    private final OneClickRequests requests;
    private final SubmissionServers servers;
    private final MessageSender sender;
    private final WrittenMessages written;
    private final OwnAddress own;
    private final InstantSource clock = InstantSource.system();

    Unsubscriptions(
            ImapConnections connections,
            OneClickRequests requests,
            SubmissionServers servers,
            MessageSender sender,
            WrittenMessages written,
            OwnAddress own) {
        this.connections = connections;
        this.requests = requests;
        this.servers = servers;
        this.sender = sender;
        this.written = written;
        this.own = own;
    }

    Unsubscription unsubscribe(Account account, MessageRef ref, UnsubscribeRequest wanted) {
        var message = read(account, ref);
        var list = message.origin().list();
        if (list == null || list.unsubscribe().isEmpty()) {
            throw notPossible("the message does not say how one unsubscribes");
        }
        var status = list.oneClick() ? oneClick(list) : null;
        if (status != null && status.isPresent() && status.getAsInt() / 100 == 2) {
            return Unsubscription.byRequest(status.getAsInt());
        }
        var mail =
                list.unsubscribe().stream()
                        .map(Mailto::parse)
                        .flatMap(Optional::stream)
                        .findFirst();
        if (mail.isPresent()) {
            return byMail(account, mail.get(), own.of(account, message, wanted.from()));
        }
        if (status == null && list.oneClick() && requests.wanted()) {
            throw notPossible(
                    "the message names no address that may be asked: it must be an HTTPS URL of a"
                            + " public host, on port 443");
        }
        throw status == null ? needsAPage(list) : failed(list, status);
    }

    private ReceivedMessage read(Account account, MessageRef ref) {
        try (var mailbox = connections.select(account, ref, Access.READ_ONLY, Lane.INTERACTIVE)) {
            return ReceivedMessage.of(mailbox.fetch(ref.uid(), ReceivedMessage.ITEMS));
        }
    }

    /** Null where no web server may be asked; empty where it did not answer. */
    private @Nullable OptionalInt oneClick(MailingList list) {
        return list.unsubscribe().stream()
                .map(requests::endpoint)
                .flatMap(Optional::stream)
                .findFirst()
                .map(requests::post)
                .orElse(null);
    }

    private Unsubscription byMail(Account account, Mailto mail, MailAddress from) {
        var submitter = servers.submitter(account);
        var messageId = NewMessageId.random(from.domain());
        var subject = mail.subject().isEmpty() ? DEFAULT_SUBJECT : mail.subject();
        // Without Auto-Submitted: a person wants it, and list servers ignore automatic messages.
        var header =
                new HeaderWriter()
                        .date("Date", clock.instant())
                        .addresses("From", List.of(from))
                        .addresses("To", List.of(mail.to()))
                        .text("Subject", subject)
                        .ids("Message-ID", List.of(messageId));
        try (var message =
                written.message(out ->
                        new MessageWriter(out)
                                .write(header, new OutgoingPart.Text("plain", mail.body())))) {
            var envelope = written.envelope(from.email(), List.of(mail.to().email()));
            var sent = sender.send(submitter, envelope, message, Claiming.NONE);
            return Unsubscription.byMail(
                    mail.to().email(), from.email(), messageId, sent.reply().status());
        }
    }

    private static ProblemException needsAPage(MailingList list) {
        return notPossible("one unsubscribes on a web page: " + page(list));
    }

    private static ProblemException failed(MailingList list, OptionalInt status) {
        var answer = status.isPresent() ? "answered " + status.getAsInt() : "did not answer";
        return new ProblemException(
                ProblemCode.UNSUBSCRIBE_FAILED,
                "the web server of the list %s; its page: %s".formatted(answer, page(list)));
    }

    private static String page(MailingList list) {
        return list.unsubscribe().stream()
                .filter(uri -> uri.startsWith("http"))
                .findFirst()
                .orElse("none that can be opened is named");
    }

    private static ProblemException notPossible(String reason) {
        return new ProblemException(ProblemCode.NOT_POSSIBLE, reason);
    }
}
