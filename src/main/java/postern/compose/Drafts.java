package postern.compose;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.MessageRef;
import postern.imap.message.Flag;
import postern.mailbox.directory.MailboxResolver;
import postern.message.change.MessageAppender;
import postern.message.metadata.Keywords;
import postern.message.metadata.StorableTime;
import postern.web.id.MailboxId;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolSpace;

/** Stores new messages, and messages that replace drafts. */
@Component
class Drafts {

    /**
     * Smaller messages are read completely first, so that a slow client does not hold a connection.
     */
    private static final long STREAMED_FROM = 256 << 10;

    private static final int MOST_KEYWORDS = 100;
    private static final Set<Flag> DRAFT = Set.of(Flag.DRAFT, Flag.SEEN);

    private final MailboxResolver mailboxes;
    private final MessageAppender messages;
    private final Composer composer;
    private final ComposeProperties limits;
    private final SpoolSpace space;

    Drafts(
            MailboxResolver mailboxes,
            MessageAppender messages,
            Composer composer,
            ComposeProperties limits,
            SpoolSpace space) {
        this.mailboxes = mailboxes;
        this.messages = messages;
        this.composer = composer;
        this.limits = limits;
        this.space = space;
    }

    /** Stores a message in a mailbox: as a new message or as a replacement. */
    private interface Place {

        MailboxName mailbox();

        @Nullable MessageRef store(
                @Nullable Set<Flag> flags,
                @Nullable Instant receivedAt,
                InputStream message,
                long length);
    }

    /** Keywords and date that the client requests. */
    record Wishes(@Nullable List<String> keywords, @Nullable Instant receivedAt) {

        static final Wishes NONE = new Wishes(null, null);

        Wishes {
            if (receivedAt != null && !StorableTime.allows(receivedAt)) {
                throw InvalidRequest.parameter("receivedAt", StorableTime.REFUSAL);
            }
        }

        @Nullable Set<Flag> flags() {
            if (keywords == null) {
                return null;
            }
            var flags = new HashSet<Flag>();
            for (var keyword : keywords) {
                flags.add(
                        Keywords.flag(keyword)
                                .orElseThrow(() ->
                                        InvalidRequest.parameter(
                                                "keywords", "is no keyword that can be stored")));
            }
            return flags;
        }
    }

    CreatedMessage create(
            Account account, MailboxId mailboxId, Wishes wishes, MessageInput submission) {
        var mailbox = mailboxes.resolveDestination(account, mailboxId);
        requireRoom(account, mailbox, submission);
        var otherwise = submission.raw() ? Set.<Flag>of() : DRAFT;
        return store(account, anew(account, mailbox, otherwise), wishes, submission);
    }

    /**
     * Checks the quota before files are read; a raw message announces its length to the mail
     * server.
     */
    private void requireRoom(Account account, MailboxName mailbox, MessageInput submission) {
        if (submission.announcedFiles() > STREAMED_FROM) {
            messages.requireRoom(account, mailbox, submission.announcedFiles());
        }
    }

    /** Stores a message that the gateway composes itself. */
    CreatedMessage create(Account account, MailboxName mailbox, MessageRequest message) {
        return composed(account, anew(account, mailbox, DRAFT), message, UploadedFiles.NONE);
    }

    /** Stores a complete message as a draft; the caller closes it. */
    CreatedMessage create(Account account, MailboxName mailbox, MessageSpool message)
            throws IOException {
        return spooled(anew(account, mailbox, DRAFT), null, null, message);
    }

    private Place anew(Account account, MailboxName mailbox, Set<Flag> otherwise) {
        return new Place() {
            @Override
            public MailboxName mailbox() {
                return mailbox;
            }

            @Override
            public @Nullable MessageRef store(
                    @Nullable Set<Flag> flags,
                    @Nullable Instant receivedAt,
                    InputStream message,
                    long length) {
                var given = flags == null ? otherwise : flags;
                return messages.append(account, mailbox, given, receivedAt, message, length);
            }
        };
    }

    /** Replaces a draft only: sent and received messages must not change. */
    CreatedMessage replace(
            Account account,
            MessageRef old,
            @Nullable String ifMatch,
            Wishes wishes,
            MessageInput submission) {
        if (submission.announcedFiles() > STREAMED_FROM) {
            messages.requireRoom(account, old, submission.announcedFiles());
        }
        // What is replaced is gone for good. A token may see another drafts mailbox than the user.
        boolean any = account.limits().permits(Scope.DELETE) && drafts(account, old.mailbox());
        var draftsOnly = any ? Set.<Flag>of() : Set.of(Flag.DRAFT);
        var place =
                new Place() {
                    @Override
                    public MailboxName mailbox() {
                        return old.mailbox();
                    }

                    @Override
                    public @Nullable MessageRef store(
                            @Nullable Set<Flag> flags,
                            @Nullable Instant receivedAt,
                            InputStream message,
                            long length) {
                        return messages.replace(
                                account,
                                old,
                                ifMatch,
                                draftsOnly,
                                flags,
                                receivedAt,
                                message,
                                length);
                    }
                };
        return store(account, place, wishes, submission);
    }

    private boolean drafts(Account account, MailboxName mailbox) {
        try {
            return mailboxes
                    .resolve(account, MailboxId.parse(MailboxRole.DRAFTS.id()))
                    .equals(mailbox);
        } catch (ProblemException e) {
            if (e.code() == ProblemCode.MAILBOX_NOT_FOUND) {
                return false;
            }
            throw e;
        } catch (ImapException.OutOfScope _) {
            return false;
        }
    }

    private CreatedMessage store(
            Account account, Place place, Wishes wishes, MessageInput submission) {
        try {
            if (submission.raw()) {
                return raw(place, wishes, submission);
            }
            if (wishes.keywords() != null || wishes.receivedAt() != null) {
                throw InvalidRequest.parameter(
                        wishes.keywords() != null ? "keywords" : "receivedAt",
                        "is for message/rfc822; a composed message has a field for it");
            }
            return composed(account, place, submission.message(), submission.files());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CreatedMessage composed(
            Account account, Place place, MessageRequest message, UploadedFiles files) {
        if (message.submission() != null) {
            throw InvalidRequest.at("/submission", "is for a message that is sent");
        }
        var flags = message.keywords() == null ? null : flags(message.keywords());
        var receivedAt = message.receivedAt();
        if (receivedAt != null && !StorableTime.allows(receivedAt)) {
            throw InvalidRequest.at("/receivedAt", StorableTime.REFUSAL);
        }
        try (var spool = composer.compose(account, message, files, NewMessageId.random(account))) {
            return spooled(place, flags, receivedAt, spool);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Flag> flags(Map<String, Boolean> keywords) {
        if (keywords.size() > MOST_KEYWORDS) {
            throw InvalidRequest.at("/keywords", "must be at most " + MOST_KEYWORDS);
        }
        var flags = new HashSet<Flag>();
        keywords.forEach((keyword, set) -> {
            var flag =
                    Keywords.flag(keyword)
                            .orElseThrow(() ->
                                    InvalidRequest.at(
                                            "/keywords", "has one that cannot be stored"));
            if (set) {
                flags.add(flag);
            }
        });
        return flags;
    }

    /**
     * Streams the message if its length is known and its lines end with CRLF; otherwise spools it
     * first.
     */
    private CreatedMessage raw(Place place, Wishes wishes, MessageInput submission)
            throws IOException {
        var flags = wishes.flags();
        try (var spool = new MessageSpool(limits, space)) {
            if (submission.announced() > STREAMED_FROM) {
                spool.reserve(submission.announced());
                var length = submission.announced();
                var upload = new StreamedUpload(submission.octets(), length, spool);
                try {
                    var message = place.store(flags, wishes.receivedAt(), upload, length);
                    return CreatedMessage.of(message, place.mailbox(), length);
                } catch (StreamedUpload.CannotGoThrough _) {
                    upload.finish();
                }
            } else {
                new StreamedUpload(submission.octets(), submission.announced(), spool).finish();
            }
            if (spool.length() == 0) {
                throw InvalidRequest.at("", "is missing");
            }
            return spooled(place, flags, wishes.receivedAt(), spool);
        }
    }

    private static CreatedMessage spooled(
            Place place,
            @Nullable Set<Flag> flags,
            @Nullable Instant receivedAt,
            MessageSpool spool)
            throws IOException {
        try (var octets = spool.open()) {
            var message = place.store(flags, receivedAt, octets, spool.length());
            return CreatedMessage.of(message, place.mailbox(), spool.length());
        }
    }
}
