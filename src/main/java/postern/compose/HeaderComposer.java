package postern.compose;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.identity.Identity;
import postern.message.metadata.EmailAddress;
import postern.message.metadata.StorableTime;
import postern.mime.compose.HeaderWriter;
import postern.mime.header.MailAddress;
import postern.web.problem.InvalidRequest;

/** Composes the header of a new message; an invalid value is refused with its JSON pointer. */
final class HeaderComposer {

    private static final int LONGEST_LINE = 900;
    private static final int LONGEST_TEXT = 10_000;
    private static final int MOST_FIELDS = 100;

    /** Upper bound on the ids in References; the first and the latest are kept. */
    private static final int MOST_REFERENCES = 40;

    private static final Set<String> OURS =
            Set.of(
                    "from",
                    "to",
                    "cc",
                    "bcc",
                    "reply-to",
                    "subject",
                    "date",
                    "message-id",
                    "in-reply-to",
                    "references",
                    "mime-version");

    private final MessageRequest message;
    private final HeaderWriter header = new HeaderWriter();

    private HeaderComposer(MessageRequest message) {
        this.message = message;
    }

    /**
     * @param standard what a message is from that says nothing else
     * @param id for a message that has none
     */
    static HeaderWriter of(
            MessageRequest message,
            @Nullable MailAddress standard,
            NewMessageId.Maker id,
            Instant now,
            ComposeProperties limits) {
        requireFew(message, limits);
        return new HeaderComposer(message).written(standard, id, now);
    }

    private static void requireFew(MessageRequest message, ComposeProperties limits) {
        int most = limits.maxRecipients();
        int to = all(message.to()).size();
        if (to + all(message.cc()).size() + all(message.bcc()).size() > most) {
            throw InvalidRequest.at(
                    to > most ? "/to" : "", "has more than %d recipients".formatted(most));
        }
    }

    private static <T> List<T> all(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private HeaderWriter written(
            @Nullable MailAddress standard, NewMessageId.Maker id, Instant now) {
        var from = from(standard);
        header.date("Date", message.sentAt() == null ? now : sentAt(message.sentAt()));
        header.addresses("From", from);
        header.addresses("Reply-To", addresses("/replyTo", message.replyTo()));
        header.addresses("To", addresses("/to", message.to()));
        header.addresses("Cc", addresses("/cc", message.cc()));
        header.addresses("Bcc", addresses("/bcc", message.bcc()));
        var subject = message.subject() == null ? "" : text("/subject", message.subject());
        if (!subject.isBlank()) {
            header.text("Subject", subject);
        }
        header.ids("Message-ID", List.of(messageId(from, id)));
        header.ids("In-Reply-To", ids("/inReplyTo", message.inReplyTo()));
        header.ids("References", ids("/references", message.references()));
        others();
        return header;
    }

    private static Instant sentAt(Instant time) {
        if (!StorableTime.allows(time)) {
            throw InvalidRequest.at("/sentAt", StorableTime.REFUSAL);
        }
        return time;
    }

    private List<MailAddress> from(@Nullable MailAddress standard) {
        if (message.from() != null) {
            return addresses("/from", message.from());
        }
        return standard == null ? List.of() : List.of(standard);
    }

    static @Nullable MailAddress address(Identity identity) {
        try {
            return MailAddress.of(identity.name(), identity.address());
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    static @Nullable MailAddress address(String email) {
        try {
            return MailAddress.of(null, email);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static List<MailAddress> addresses(String at, @Nullable List<EmailAddress> addresses) {
        var checked = new ArrayList<MailAddress>();
        for (var address : all(addresses)) {
            checked.add(address(at + "/" + checked.size(), address));
        }
        return checked;
    }

    static MailAddress address(String at, EmailAddress address) {
        var name = address.name() == null ? null : text(at + "/name", address.name());
        try {
            return MailAddress.of(name, address.email());
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.at(at + "/email", String.valueOf(e.getMessage()));
        }
    }

    private static String text(String at, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw InvalidRequest.at(at, "must be without line ends and other control characters");
        }
        if (text.codePointCount(0, text.length()) > LONGEST_TEXT) {
            throw InvalidRequest.at(at, "must have at most %d characters".formatted(LONGEST_TEXT));
        }
        return text;
    }

    private String messageId(List<MailAddress> from, NewMessageId.Maker id) {
        if (message.internetMessageId() != null) {
            return id("/internetMessageId", message.internetMessageId());
        }
        return id.with(from.isEmpty() ? null : from.getFirst().domain());
    }

    private static List<String> ids(String at, @Nullable List<String> ids) {
        var checked = new ArrayList<String>();
        for (var id : all(ids)) {
            checked.add(id(at + "/" + checked.size(), id));
        }
        if (checked.size() > MOST_REFERENCES) {
            checked.subList(1, checked.size() - MOST_REFERENCES + 1).clear();
        }
        return checked;
    }

    private static String id(String at, String id) {
        var bare = id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
        if (!messageId(bare)) {
            throw InvalidRequest.at(at, "is not a Message-ID");
        }
        return bare;
    }

    /** Whether it is valid between the angle brackets of a Message-ID. */
    static boolean messageId(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST_LINE
                && id.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '<' && c != '>');
    }

    private void others() {
        var fields = all(message.headers());
        if (fields.size() > MOST_FIELDS) {
            throw InvalidRequest.at("/headers", "must be at most " + MOST_FIELDS);
        }
        for (int i = 0; i < fields.size(); i++) {
            var field = fields.get(i);
            var name = field.name().toLowerCase(Locale.ROOT);
            var at = "/headers/" + i;
            if (OURS.contains(name) || name.startsWith("content-")) {
                throw InvalidRequest.at(at + "/name", "is made of the other fields of this");
            }
            var value = text(at + "/value", field.value());
            try {
                header.text(field.name(), value);
            } catch (IllegalArgumentException _) {
                throw InvalidRequest.at(at + "/name", "is not the name of a header field");
            }
        }
    }
}
