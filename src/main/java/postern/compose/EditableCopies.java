package postern.compose;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.identity.Identities;
import postern.imap.ImapException;
import postern.imap.MailboxRole;
import postern.mailbox.directory.MailboxResolver;
import postern.message.part.HeaderField;
import postern.message.part.StoredParts;
import postern.mime.compose.HeaderWriter;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.AddressField;
import postern.mime.header.HeaderAddress;
import postern.mime.header.MailAddress;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.transfer.SpoolSpace;

/**
 * Makes drafts of stored messages. The body is copied octet by octet, so that nothing of it is
 * lost; of the header only those fields are, that say what is written to whom.
 */
@Component
final class EditableCopies {

    private static final int BUFFER = 32 << 10;

    /** What anybody's message keeps, beside the fields that describe the body. */
    private static final Set<String> KEPT =
            Set.of(
                    "to",
                    "cc",
                    "subject",
                    "mime-version",
                    "comments",
                    "keywords",
                    "importance",
                    "priority",
                    "x-priority",
                    "sensitivity");

    /** What a message of the user's own keeps besides. */
    private static final Set<String> KEPT_OF_OWN =
            Set.of("from", "bcc", "reply-to", "in-reply-to", "references");

    /** These may be there several times. */
    private static final Set<String> REPEATED = Set.of("to", "cc", "bcc", "comments", "keywords");

    private final Identities identities;
    private final MailboxResolver mailboxes;
    private final StoredParts stored;
    private final Drafts drafts;
    private final ComposeProperties limits;
    private final SpoolSpace space;
    private final InstantSource clock = InstantSource.system();

    EditableCopies(
            Identities identities,
            MailboxResolver mailboxes,
            StoredParts stored,
            Drafts drafts,
            ComposeProperties limits,
            SpoolSpace space) {
        this.identities = identities;
        this.mailboxes = mailboxes;
        this.stored = stored;
        this.drafts = drafts;
        this.limits = limits;
        this.space = space;
    }

    CreatedMessage create(Account account, MessageId message, EditRequest wanted) {
        var from = wanted.from() == null ? null : HeaderComposer.address("/from", wanted.from());
        var wish = wanted.mailboxId();
        var mailbox =
                mailboxes.resolveDestination(
                        account, wish == null ? MailboxId.parse(MailboxRole.DRAFTS.id()) : wish);
        try (var spool = new MessageSpool(limits, space)) {
            var buffered = new BufferedOutputStream(spool, BUFFER);
            try (var edited =
                            new EditedHeader(
                                    buffered, (fields, out) -> write(account, fields, from, out));
                    var lines = new CrlfStream(edited)) {
                read(account, message, lines);
            }
            return drafts.create(account, mailbox, spool);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(Account account, MessageId id, OutputStream out) throws IOException {
        var message = id.message();
        var partId = id.part();
        if (partId.isEmpty()) {
            stored.copy(account, message, "", null, out);
            return;
        }
        var part = stored.of(account, message, partId).get(partId);
        if (part == null || !part.letter()) {
            throw new ImapException.MessageNotFound();
        }
        if (part.encoding() == TransferEncoding.IDENTITY) {
            stored.copy(account, message, partId, part.place(), out);
            return;
        }
        try (var encoded = new MessageSpool(limits, space)) {
            stored.copy(account, message, partId, part.place(), encoded);
            try (var octets = part.encoding().decode(encoded.open())) {
                octets.transferTo(out);
            }
        }
    }

    private void write(
            Account account,
            List<HeaderField.Raw> fields,
            @Nullable MailAddress wanted,
            OutputStream out)
            throws IOException {
        var authors = emails(fields, "from");
        boolean own =
                !authors.isEmpty()
                        && authors.stream().allMatch(author -> identities.own(account, author));
        var from = wanted == null && !own ? user(account, fields) : wanted;
        var header = new HeaderWriter().date("Date", clock.instant());
        if (from != null) {
            header.addresses("From", List.of(from));
        }
        header.ids(
                "Message-ID",
                List.of(
                        NewMessageId.random(
                                from == null ? NewMessageId.domain(account) : from.domain())));
        out.write(header.toString().getBytes(UTF_8));
        var seen = new HashSet<String>();
        for (var field : fields) {
            var name = field.name().toLowerCase(Locale.ROOT);
            boolean kept =
                    KEPT.contains(name)
                            || name.startsWith("content-")
                            || own && KEPT_OF_OWN.contains(name);
            boolean replaced = name.equals("from") && from != null;
            if (kept && !replaced && (seen.add(name) || REPEATED.contains(name))) {
                out.write((field.name() + ":").getBytes(US_ASCII));
                out.write(field.value());
            }
        }
    }

    private @Nullable MailAddress user(Account account, List<HeaderField.Raw> fields) {
        var writtenTo =
                identities.writtenTo(
                        account,
                        Stream.of(
                                        List.of("to", "cc"),
                                        List.of("x-original-to", "delivered-to", "envelope-to"))
                                .map(names ->
                                        names.stream()
                                                .flatMap(name -> emails(fields, name).stream())
                                                .toList())
                                .toList());
        var identity = writtenTo == null ? identities.standard(account) : writtenTo;
        return identity == null ? null : HeaderComposer.address(identity);
    }

    private static List<String> emails(List<HeaderField.Raw> fields, String name) {
        return HeaderField.first(fields, name)
                .map(AddressField::recipients)
                .orElse(List.of())
                .stream()
                .map(HeaderAddress::email)
                .toList();
    }
}
