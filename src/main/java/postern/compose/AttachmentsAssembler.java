package postern.compose;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ImapException;
import postern.imap.MessageRef;
import postern.message.part.StoredPart;
import postern.message.part.StoredParts;
import postern.mime.compose.OutgoingPart;
import postern.mime.encoding.TransferEncoding;
import postern.mime.header.MediaType;
import postern.web.ScopeMissing;
import postern.web.problem.InvalidRequest;
import postern.web.transfer.SpoolSpace;

/**
 * Assembles the attachments of one new message. Those that are on the mail server are streamed
 * while the message is written.
 */
final class AttachmentsAssembler implements AutoCloseable {

    private static final int LONGEST_NAME = 255;
    private static final String UNTYPED = "application/octet-stream";

    private final Account account;
    private final StoredParts stored;
    private final UploadedFiles files;
    private final ComposeProperties limits;
    private final SpoolSpace space;
    private final Map<MessageRef, Map<String, StoredPart>> known = new HashMap<>();
    private final List<MessageSpool> letters = new ArrayList<>();

    AttachmentsAssembler(
            Account account,
            StoredParts stored,
            UploadedFiles files,
            ComposeProperties limits,
            SpoolSpace space) {
        this.account = account;
        this.stored = stored;
        this.files = files;
        this.limits = limits;
        this.space = space;
    }

    List<OutgoingPart> of(@Nullable List<AttachmentSource> attachments) throws IOException {
        var parts = new ArrayList<OutgoingPart>();
        if (attachments != null) {
            if (attachments.size() > limits.maxAttachments()) {
                throw InvalidRequest.at(
                        "/attachments", "must be at most " + limits.maxAttachments());
            }
            for (int i = 0; i < attachments.size(); i++) {
                parts.add(part(attachments.get(i), "/attachments/" + i));
            }
        }
        files.requireAllTaken();
        return parts;
    }

    private OutgoingPart part(AttachmentSource attachment, String at) throws IOException {
        check(attachment, at);
        if (attachment.part() != null) {
            return uploaded(attachment, attachment.part(), at);
        }
        if (attachment.messageId() == null) {
            throw InvalidRequest.at(at, "needs a part or a messageId");
        }
        ScopeMissing.require(account, Scope.READ);
        var id = attachment.messageId();
        var message = id.message();
        var part =
                attachment.partId() == null ? id.part() : id.partIdInMailbox(attachment.partId());
        try {
            return part.isEmpty()
                    ? letter(attachment, message, "", null)
                    : stored(attachment, message, part, at);
        } catch (ImapException.MessageNotFound
                | ImapException.MailboxNotFound
                | ImapException.MailboxReset _) {
            throw InvalidRequest.at(at + "/messageId", "is the id of a message that is not there");
        }
    }

    private static void check(AttachmentSource attachment, String at) {
        if (attachment.part() != null
                && (attachment.messageId() != null || attachment.partId() != null)) {
            throw InvalidRequest.at(at, "has a part or a messageId, but not both");
        }
        var name = attachment.name();
        if (name != null
                && (name.isBlank()
                        || name.codePointCount(0, name.length()) > LONGEST_NAME
                        || name.chars().anyMatch(Character::isISOControl))) {
            throw InvalidRequest.at(
                    at + "/name", "must have 1 to 255 characters, none of them a control");
        }
        if (attachment.type() != null && type(attachment.type()) == null) {
            throw InvalidRequest.at(at + "/type", "is not a media type of a file");
        }
        var cid = attachment.cid();
        if (cid != null
                && !(cid.length() <= LONGEST_NAME
                        && !cid.isEmpty()
                        && cid.chars()
                                .allMatch(c -> c > 0x20 && c < 0x7f && c != '<' && c != '>'))) {
            throw InvalidRequest.at(at + "/cid", "is not a Content-ID without angle brackets");
        }
    }

    /**
     * Refuses message and multipart types: they must not be transfer-encoded, so they cannot be
     * attached as files.
     */
    private static @Nullable String type(@Nullable String type) {
        var lower = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
        boolean file =
                MediaType.valid(lower)
                        && !lower.startsWith("multipart/")
                        && !lower.startsWith("message/");
        return file ? lower : null;
    }

    private static boolean inline(AttachmentSource attachment) {
        return attachment.inline() == null ? attachment.cid() != null : attachment.inline();
    }

    private OutgoingPart uploaded(AttachmentSource attachment, String part, String at) {
        var file = files.take(part, at + "/part");
        var sent = file.getContentType() == null ? null : file.getContentType().split(";", 2)[0];
        var type = type(attachment.type() != null ? attachment.type() : sent);
        return new OutgoingPart.File(
                type == null ? UNTYPED : type,
                Map.of(),
                attachment.name() != null
                        ? attachment.name()
                        : sentName(file.getOriginalFilename()),
                attachment.cid(),
                inline(attachment),
                false,
                out -> {
                    try (var octets = file.getInputStream()) {
                        octets.transferTo(out);
                    }
                });
    }

    /** The file name of the form part; some browsers send a whole path. */
    private static @Nullable String sentName(@Nullable String name) {
        return name == null || name.isBlank()
                ? null
                : postern.mime.header.FileName.of(name, UNTYPED);
    }

    private OutgoingPart stored(
            AttachmentSource attachment, MessageRef message, String partId, String at)
            throws IOException {
        var parts = known.computeIfAbsent(message, _ -> new HashMap<>());
        if (!parts.containsKey(partId)) {
            // Parts of an embedded message are only known after it is parsed.
            parts.putAll(stored.of(account, message, partId));
        }
        var part = parts.get(partId);
        if (part == null) {
            throw InvalidRequest.at(at + "/partId", "is no part of that message");
        }
        if (part.letter()) {
            return letter(attachment, message, partId, part);
        }
        boolean base64 = part.encoding() == TransferEncoding.BASE64;
        var type = type(attachment.type() != null ? attachment.type() : part.mediaType());
        return new OutgoingPart.File(
                type == null ? UNTYPED : type,
                attachment.type() == null ? sound(part.parameters()) : Map.of(),
                attachment.name() != null ? attachment.name() : part.name(),
                attachment.cid() != null ? attachment.cid() : part.cid(),
                attachment.inline() == null && attachment.cid() == null
                        ? part.inline()
                        : inline(attachment),
                base64,
                out -> {
                    if (base64) {
                        stored.copy(account, message, partId, part.place(), out);
                    } else {
                        decoded(message, partId, part).transferTo(out);
                    }
                });
    }

    private InputStream decoded(MessageRef message, String partId, StoredPart part)
            throws IOException {
        var spool = new MessageSpool(limits, space);
        letters.add(spool);
        stored.copy(account, message, partId, part.place(), spool);
        return part.encoding().decode(spool.open());
    }

    /** Drops invalid parameters, since they come from other senders. */
    private static Map<String, String> sound(Map<String, String> parameters) {
        var sound = new LinkedHashMap<String, String>();
        parameters.forEach((name, value) -> {
            if (name.matches("[a-z0-9-]{1,40}")
                    && value.length() <= LONGEST_NAME
                    && value.chars().noneMatch(Character::isISOControl)) {
                sound.put(name, value);
            }
        });
        return sound;
    }

    /**
     * Attaches a message. It is read in advance, since the header of the part says whether it is
     * ASCII.
     */
    private OutgoingPart letter(
            AttachmentSource attachment,
            MessageRef message,
            String partId,
            @Nullable StoredPart part)
            throws IOException {
        if (attachment.type() != null || attachment.cid() != null) {
            throw InvalidRequest.at(
                    "/attachments", "cannot give a whole message another type or a cid");
        }
        var spool = new MessageSpool(limits, space);
        letters.add(spool);
        try (var lines = new CrlfStream(spool)) {
            if (part == null || part.encoding() == TransferEncoding.IDENTITY) {
                stored.copy(account, message, partId, part == null ? null : part.place(), lines);
            } else {
                try (var octets = decoded(message, partId, part)) {
                    octets.transferTo(lines);
                }
            }
        }
        return new OutgoingPart.Letter(
                attachment.name() != null ? attachment.name() : letterName(part),
                spool.eightBit(),
                out -> {
                    try (var octets = spool.open()) {
                        octets.transferTo(out);
                    }
                });
    }

    private static String letterName(@Nullable StoredPart part) {
        return part == null ? "message.eml" : part.name();
    }

    @Override
    public void close() throws IOException {
        for (var letter : letters) {
            letter.close();
        }
    }
}
