package postern.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.identity.Identities;
import postern.imap.MailboxRole;
import postern.mailbox.directory.MailboxResolver;
import postern.message.OriginalMessage;
import postern.message.OriginalMessages;
import postern.message.metadata.EmailAddress;
import postern.mime.header.FileName;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.problem.InvalidRequest;

/** Prepares drafts of replies and forwards. */
@Component
class Replies {

    private static final MailboxId DRAFTS = MailboxId.parse(MailboxRole.DRAFTS.id());
    private static final int MOST_ADDRESSES = 100;

    private final Identities identities;
    private final OriginalMessages originals;
    private final MailboxResolver mailboxes;
    private final Drafts drafts;

    Replies(
            Identities identities,
            OriginalMessages originals,
            MailboxResolver mailboxes,
            Drafts drafts) {
        this.identities = identities;
        this.originals = originals;
        this.mailboxes = mailboxes;
        this.drafts = drafts;
    }

    CreatedMessage reply(Account account, MessageId message, ReplyRequest wanted) {
        check(wanted.from());
        readable("/text", wanted.text());
        readable("/html", wanted.html());
        readable("/attribution", wanted.attribution());
        var audience = wanted.audience();
        var addresses = Objects.requireNonNullElse(wanted.ownAddresses(), List.<String>of());
        if (addresses.size() > MOST_ADDRESSES) {
            throw InvalidRequest.at("/ownAddresses", "must be at most " + MOST_ADDRESSES);
        }
        var mailbox = mailboxes.resolveDestination(account, mailbox(wanted.mailboxId()));
        var original = originals.read(account, message);
        var from = wanted.from() != null ? wanted.from() : addressed(account, original, addresses);
        var own = own(account, from, addresses);
        var recipients = ReplyRecipients.of(original, own, audience);
        var body =
                QuotedOriginal.reply(original, wanted.text(), wanted.html(), wanted.attribution());
        var id = original.internetMessageId();
        var draft =
                message(
                        from,
                        recipients.to(),
                        recipients.cc(),
                        SubjectPrefix.REPLY.before(line(original.subject())),
                        id == null ? List.of() : sound(List.of(id)),
                        thread(original),
                        body,
                        pictures(message, original, body));
        return drafts.create(account, mailbox, draft);
    }

    CreatedMessage forward(Account account, MessageId message, ForwardRequest wanted) {
        check(wanted.from());
        readable("/text", wanted.text());
        readable("/html", wanted.html());
        var mailbox = mailboxes.resolveDestination(account, mailbox(wanted.mailboxId()));
        var original = originals.read(account, message);
        boolean enclosed = Boolean.TRUE.equals(wanted.asAttachment());
        var body =
                enclosed
                        ? QuotedOriginal.none(wanted.text(), wanted.html())
                        : QuotedOriginal.forward(original, wanted.text(), wanted.html());
        var files = new ArrayList<AttachmentSource>();
        if (!enclosed) {
            original.files().forEach(file -> files.add(file(message, file, file.inline())));
        }
        if (enclosed || !original.whole()) {
            files.add(letter(message, original)); // nothing that was truncated is lost
        }
        var draft =
                message(
                        wanted.from(),
                        Objects.requireNonNullElse(wanted.to(), List.of()),
                        List.of(),
                        SubjectPrefix.FORWARD.before(line(original.subject())),
                        List.of(),
                        thread(original),
                        body,
                        files);
        return drafts.create(account, mailbox, draft);
    }

    private static MailboxId mailbox(@Nullable MailboxId wanted) {
        return wanted == null ? DRAFTS : wanted;
    }

    private static void check(@Nullable EmailAddress from) {
        if (from != null && HeaderComposer.address(from.email()) == null) {
            throw InvalidRequest.at("/from/email", "is not an e-mail address that can be written");
        }
        if (from != null
                && from.name() != null
                && from.name().chars().anyMatch(Character::isISOControl)) {
            throw InvalidRequest.at("/from/name", "must be without control characters");
        }
    }

    private static void readable(String at, @Nullable String text) {
        if (text != null && text.indexOf('\0') >= 0) {
            throw InvalidRequest.at(at, "must be without NUL");
        }
    }

    /** The user's address to which the message was sent. */
    private @Nullable EmailAddress addressed(
            Account account, OriginalMessage original, List<String> addresses) {
        var got = new ArrayList<>(original.to());
        got.addAll(original.cc());
        var keys = got.stream().map(to -> OwnAddresses.key(to.email())).toList();
        return Stream.<UnaryOperator<String>>of(key -> key, OwnAddresses::untagged)
                .flatMap(way -> keys.stream().map(way))
                .flatMap(key -> addresses.stream().filter(own -> OwnAddresses.key(own).equals(key)))
                .filter(own -> HeaderComposer.address(own) != null)
                .findFirst()
                .map(own -> new EmailAddress(null, own))
                .orElseGet(() -> writtenTo(account, original));
    }

    private @Nullable EmailAddress writtenTo(Account account, OriginalMessage original) {
        var got = new ArrayList<>(original.to());
        got.addAll(original.cc());
        var identity =
                identities.writtenTo(
                        account,
                        Stream.of(got, original.replyFields().deliveredTo())
                                .map(group -> group.stream().map(EmailAddress::email).toList())
                                .toList());
        return identity == null ? null : new EmailAddress(identity.name(), identity.address());
    }

    private static OwnAddresses own(
            Account account, @Nullable EmailAddress from, List<String> addresses) {
        var own = new ArrayList<>(addresses);
        own.add(account.user());
        if (from != null) {
            own.add(from.email());
        }
        return OwnAddresses.of(own);
    }

    /** The References of a reply (RFC 5322 §3.6.4). */
    private static List<String> thread(OriginalMessage original) {
        var before =
                original.references().isEmpty() && original.inReplyTo().size() == 1
                        ? original.inReplyTo()
                        : original.references();
        var thread = new ArrayList<>(before);
        if (original.internetMessageId() != null) {
            thread.remove(original.internetMessageId());
            thread.add(original.internetMessageId());
        }
        return sound(thread);
    }

    private static List<String> sound(List<String> ids) {
        return ids.stream().filter(HeaderComposer::messageId).toList();
    }

    private static @Nullable String line(@Nullable String subject) {
        return subject == null
                ? null
                : subject.codePoints()
                        .filter(c -> !Character.isISOControl(c))
                        .limit(2_000)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    /** The inline pictures of the quoted HTML. */
    private static List<AttachmentSource> pictures(
            MessageId message, OriginalMessage original, QuotedOriginal body) {
        return original.files().stream()
                .filter(file -> file.cid() != null && !file.letter())
                .filter(file -> body.html() != null && body.html().contains("cid:" + file.cid()))
                .map(file -> file(message, file, true))
                .toList();
    }

    private static AttachmentSource file(
            MessageId message, OriginalMessage.File file, boolean inline) {
        return new AttachmentSource(
                null, message, file.partId(), null, null, null, file.letter() ? null : inline);
    }

    private static AttachmentSource letter(MessageId message, OriginalMessage original) {
        var subject = line(original.subject());
        var name =
                subject == null || subject.isBlank()
                        ? null
                        : FileName.of(subject.strip() + ".eml", "message/rfc822");
        return new AttachmentSource(null, message, null, name, null, null, null);
    }

    private static MessageRequest message(
            @Nullable EmailAddress from,
            List<EmailAddress> to,
            List<EmailAddress> cc,
            String subject,
            List<String> inReplyTo,
            List<String> references,
            QuotedOriginal body,
            List<AttachmentSource> files) {
        return new MessageRequest(
                from == null ? null : List.of(from),
                to,
                cc,
                null,
                null,
                subject,
                null,
                null,
                inReplyTo,
                references,
                body.text(),
                body.html(),
                files,
                null,
                null,
                null,
                null);
    }
}
