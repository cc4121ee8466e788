package postern.attachment;

import java.util.List;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountKey;
import postern.attachment.StructureCache.Structure;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MessageRef;
import postern.imap.SelectedMailbox;
import postern.imap.message.BodyPart;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.Section;
import postern.message.part.AttachedMessage;
import postern.message.part.BodySelection;
import postern.message.part.PartNames;
import postern.mime.encoding.TransferEncoding;
import postern.web.id.MessageId;
import postern.web.link.LinkKind;
import postern.web.link.LinkedFile;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Finds files in mailboxes: messages, their parts, and their attachments. */
@Component
class StoredFiles {

    private static final FetchItems DATE = FetchItems.of(FetchItem.INTERNAL_DATE);

    private final ImapConnections connections;
    private final StructureCache structures;

    StoredFiles(ImapConnections connections, StructureCache structures) {
        this.connections = connections;
        this.structures = structures;
    }

    /**
     * The whole message. No round trip is needed when its structure is cached and its mailbox is
     * selected. Throws MessageNotFound when the id names a part that is not a message.
     */
    StoredFile message(Account account, MessageId id) {
        var message = id.message();
        try (var mailbox = select(account, message)) {
            var structure = structures.of(account, message, id.part(), mailbox);
            var part = id.within() ? attached(structure.body(), id.part()) : null;
            return new StoredFile(
                    AccountKey.of(account),
                    message,
                    part == null ? Section.MESSAGE : Section.part(part.partId()),
                    part == null ? TransferEncoding.IDENTITY : TransferEncoding.of(part.encoding()),
                    part == null ? structure.size() : part.size(),
                    FileType.of("message/rfc822", null, "message-" + number(id) + ".eml", false),
                    part == null ? null : structure.location(part));
        }
    }

    /** A part of the message. Throws PartNotFound when there is no such part. */
    StoredFile part(Account account, MessageId id, String partId) {
        try (var mailbox = select(account, id.message())) {
            var number = id.partIdInMailbox(partId);
            var structure = structures.of(account, id.message(), number, mailbox);
            var part =
                    body(structure.body(), id)
                            .walk()
                            .filter(node -> node.partId().equals(number))
                            .findFirst()
                            .orElseThrow(ImapException.PartNotFound::new);
            return file(account, id.message(), structure, part);
        }
    }

    /**
     * The attachments of the message, and with {@code inline} also those shown within its text.
     * Throws a 404 {@code part-not-found} when there are none.
     */
    AttachmentsZip attachments(Account account, MessageId id, boolean inline) {
        var message = id.message();
        try (var mailbox = select(account, message)) {
            var structure = structures.of(account, message, id.part(), mailbox);
            var files =
                    BodySelection.of(body(structure.body(), id)).files().stream()
                            .filter(file -> file.attached() || inline && file.inline())
                            .map(file -> file(account, message, structure, file.part()))
                            .toList();
            if (files.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.PART_NOT_FOUND, "the message has no attachments");
            }
            // The files have the date of the outermost message, also those of an attached message.
            var date = mailbox.fetch(message.uid(), DATE).internalDate();
            var name = "attachments-" + number(id) + ".zip";
            return new AttachmentsZip(account, name, files, date);
        }
    }

    private static String number(MessageId id) {
        var uid = Long.toString(id.message().uid());
        return id.within() ? uid + "-" + id.part() : uid;
    }

    /** The file that a link refers to. */
    StoredFile file(Account account, LinkedFile link) {
        var file =
                switch (link.kind()) {
                    case PART -> part(account, link.message(), link.partId());
                    case MESSAGE -> message(account, link.message());
                    case ATTACHMENTS -> throw new IllegalArgumentException("is no single file");
                };
        return link.disposition() == null
                ? file
                : file.withType(file.type().as(link.disposition()));
    }

    /** Throws MessageNotFound or PartNotFound unless all of these files of one message exist. */
    void require(Account account, List<LinkedFile> files) {
        var id = files.getFirst().message();
        try (var mailbox = select(account, id.message())) {
            var structure = structures.of(account, id.message(), id.part(), mailbox).body();
            if (id.within() && files.stream().allMatch(it -> it.kind() == LinkKind.MESSAGE)) {
                attached(structure, id.part());
                return; // it can be downloaded even if the server does not parse it
            }
            var body = body(structure, id);
            for (var file : files) {
                boolean exists =
                        switch (file.kind()) {
                            case PART -> has(account, id, file.partId(), mailbox);
                            case MESSAGE -> true;
                            case ATTACHMENTS ->
                                    BodySelection.of(body).files().stream()
                                            .anyMatch(part -> part.attached() || part.inline());
                        };
                if (!exists) {
                    throw new ImapException.PartNotFound();
                }
            }
        }
    }

    private boolean has(Account account, MessageId id, String partId, SelectedMailbox mailbox) {
        var number = id.partIdInMailbox(partId);
        var structure = structures.of(account, id.message(), number, mailbox);
        return body(structure.body(), id).walk().anyMatch(part -> part.partId().equals(number));
    }

    /** The structure of the message, with the part ids of the outer message. */
    private static BodyPart body(BodyPart structure, MessageId id) {
        return id.within()
                ? new AttachedMessage(id.part()).in(structure).children().getFirst()
                : structure;
    }

    private static BodyPart attached(BodyPart structure, String partId) {
        return structure
                .walk()
                .filter(node -> node.partId().equals(partId) && node.message())
                .findFirst()
                .orElseThrow(ImapException.MessageNotFound::new);
    }

    private static StoredFile file(
            Account account, MessageRef message, Structure structure, BodyPart part) {
        // A multipart has no encoding, whatever its header says (RFC 2045 §6.4). A message must not
        // have one either, but some do, and are useless unless decoded.
        boolean leaf = !part.multipart();
        // BODYSTRUCTURE has no size for a multipart.
        var location = structure.location(part);
        long size = part.multipart() ? StoredFile.UNKNOWN : part.size();
        return new StoredFile(
                AccountKey.of(account),
                message,
                Section.part(part.partId()),
                leaf ? TransferEncoding.of(part.encoding()) : TransferEncoding.IDENTITY,
                location == null ? size : location.octets(),
                FileType.of(
                        part.mediaType(),
                        PartNames.parameters(part).get("charset"),
                        PartNames.fileName(part),
                        "inline".equals(part.disposition())),
                location);
    }

    private SelectedMailbox select(Account account, MessageRef message) {
        return connections.select(account, message, Access.READ_ONLY, Lane.INTERACTIVE);
    }
}
