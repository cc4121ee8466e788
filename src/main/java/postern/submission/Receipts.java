package postern.submission;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.NewMessageId;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.message.change.MessageLocks;
import postern.message.metadata.AutomaticKind;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.RequestedReceipt;
import postern.mime.compose.DispositionNotification;
import postern.mime.compose.HeaderWriter;
import postern.mime.header.MailAddress;

/** Sends the receipts that senders of messages ask for (RFC 8098). */
@Component
class Receipts {

    /** What the sender wrote; the rest tells of the recipient's mail servers. */
    private static final Set<String> RETURNED =
            Set.of(
                    "from",
                    "sender",
                    "reply-to",
                    "to",
                    "cc",
                    "subject",
                    "date",
                    "message-id",
                    "in-reply-to",
                    "references");

    /** RFC 5322 §2.1.1. */
    private static final int LONGEST_LINE = 998;

    private static final int LONGEST_SUBJECT = 200;

    private final ImapConnections connections;
    private final SubmissionServers servers;
    private final MessageSender sender;
    private final WrittenMessages written;
    private final OwnAddress own;
    private final ReceiptClaims claims;
    private final MessageLocks locks;
    private final InstantSource clock = InstantSource.system();

    Receipts(
            ImapConnections connections,
            SubmissionServers servers,
            MessageSender sender,
            WrittenMessages written,
            OwnAddress own,
            ReceiptClaims claims,
            MessageLocks locks) {
        this.connections = connections;
        this.servers = servers;
        this.sender = sender;
        this.written = written;
        this.own = own;
        this.claims = claims;
        this.locks = locks;
    }

    SentReceipt send(Account account, MessageRef ref, ReceiptRequest wanted) {
        var submitter = servers.submitter(account);
        try (var _ = locks.take(account, ref)) {
            var message = read(account, ref);
            var to = addresses(required(message, wanted));
            var from = own.of(account, message, wanted.from());
            if (!from.email().chars().allMatch(c -> c < 0x80)) {
                throw refused("a receipt cannot name an address that is not ASCII");
            }
            var messageId = NewMessageId.random(from.domain());
            try (var receipt =
                    written.message(out ->
                            notification(message, from, wanted)
                                    .writeTo(header(message, from, to, messageId, wanted), out))) {
                var emails = to.stream().map(MailAddress::email).toList();
                // RFC 8098 §3: with an empty return path, so that nothing is sent about a receipt
                var sent =
                        sender.send(
                                submitter,
                                written.envelope("", emails),
                                receipt,
                                claims.of(account, ref));
                return SentReceipt.of(messageId, from.email(), sent);
            }
        }
    }

    private ReceivedMessage read(Account account, MessageRef ref) {
        try (var mailbox = connections.select(account, ref, Access.READ_ONLY, Lane.INTERACTIVE)) {
            var message = ReceivedMessage.of(mailbox.fetch(ref.uid(), ReceivedMessage.ITEMS));
            ReceiptClaims.requireUnsent(message.flags());
            return message;
        }
    }

    /** Throws a 422 where the message asks for none, or must not get it. */
    private static RequestedReceipt required(ReceivedMessage message, ReceiptRequest wanted) {
        var origin = message.origin();
        var receipt = origin.receipt();
        if (receipt == null) {
            throw refused("the message asks for no receipt");
        }
        if (message.flags().contains(Flag.DRAFT)) {
            throw refused("the message is a draft");
        }
        if (origin.automatic().contains(AutomaticKind.REPORT)
                || origin.automatic().contains(AutomaticKind.NULL_RETURN_PATH)) {
            throw refused("the message is a report itself, or wants no answers: no receipt is due");
        }
        if (!receipt.possible()) {
            throw refused(
                    "the message demands something of its receipt that is not known here, or asks"
                            + " for more than ten");
        }
        if (receipt.confirmationNeeded() && Boolean.TRUE.equals(wanted.automatic())) {
            throw refused(
                    "the receipt would go to others than the message came from; it may be sent only"
                            + " after the user was asked");
        }
        if (receipt.confirmationNeeded() && !Boolean.TRUE.equals(wanted.confirmed())) {
            throw refused(
                    "the receipt would go to others than the message came from; once the user has"
                            + " agreed to the addresses in `receiptRequested`, say `confirmed`");
        }
        return receipt;
    }

    private static ImapException.NotPossible refused(String reason) {
        return new ImapException.NotPossible(reason, null);
    }

    private static List<MailAddress> addresses(RequestedReceipt receipt) {
        var addresses = new ArrayList<MailAddress>();
        for (EmailAddress address : receipt.to()) {
            try {
                addresses.add(MailAddress.of(null, address.email()));
            } catch (IllegalArgumentException _) {
                throw refused("the address that asks for the receipt cannot get mail");
            }
        }
        return addresses;
    }

    private HeaderWriter header(
            ReceivedMessage message,
            MailAddress from,
            List<MailAddress> to,
            String messageId,
            ReceiptRequest wanted) {
        var header = new HeaderWriter().date("Date", clock.instant());
        header.addresses("From", List.of(from)).addresses("To", to);
        header.text("Subject", title(message, wanted));
        header.ids("Message-ID", List.of(messageId));
        var original = message.messageId();
        if (original != null && written.sound(original)) {
            header.ids("In-Reply-To", List.of(original)).ids("References", List.of(original));
        }
        // RFC 3834 §5: vacation programs leave it alone
        return header.text("Auto-Submitted", "auto-replied");
    }

    private static String title(ReceivedMessage message, ReceiptRequest wanted) {
        var title = "Return receipt (%s)".formatted(wanted.type());
        var subject = subject(message);
        return subject.isEmpty() ? title : title + ": " + subject;
    }

    private static String subject(ReceivedMessage message) {
        var subject = message.text("subject");
        if (subject == null) {
            return "";
        }
        int end =
                subject.offsetByCodePoints(
                        0, Math.min(LONGEST_SUBJECT, subject.codePointCount(0, subject.length())));
        return subject.substring(0, end);
    }

    private static DispositionNotification notification(
            ReceivedMessage message, MailAddress from, ReceiptRequest wanted) {
        return new DispositionNotification(
                text(message, from, wanted),
                from,
                message.text("original-recipient"),
                message.messageId(),
                wanted.words(),
                Boolean.TRUE.equals(wanted.returnHeaders())
                        ? message.fields(RETURNED, LONGEST_LINE)
                        : null);
    }

    private static String text(ReceivedMessage message, MailAddress from, ReceiptRequest wanted) {
        return """
        This is a receipt for the message that was sent to %s.

        Subject: %s

        The message was %s. That does not mean that it was read or understood.
        """
                .formatted(from.email(), subject(message), wanted.type());
    }
}
