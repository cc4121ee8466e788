package postern.web.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.web.id.OpaqueText.Kind;

/**
 * The id of a mailbox in a URL or in JSON: in opaque form what identifies it on the mail server,
 * its MAILBOXID or else its name; or its role.
 */
@Schema(
        description =
                "A mailbox. Wherever one is asked for, a role will do: `inbox`, `drafts`, `sent`,"
                        + " `trash`, `junk`, `archive`, `all`, `flagged`, `important`.",
        pattern = OpaqueText.PATTERN,
        example = "inbox")
public sealed interface MailboxId {

    /** A mailbox by its name, or by the id that the mail server gives it. */
    record ByName(MailboxName mailbox) implements MailboxId {

        @Override
        public String toString() {
            return text();
        }
    }

    /** The mailbox with this role. INBOX needs no lookup and is a {@link ByName}. */
    record ByRole(MailboxRole role) implements MailboxId {

        @Override
        public String toString() {
            return text();
        }
    }

    static MailboxId of(MailboxName mailbox) {
        return new ByName(mailbox);
    }

    /** Throws IllegalArgumentException if the text is neither a role nor an intact id. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static MailboxId parse(String text) {
        return MailboxRole.ofId(text).map(MailboxId::of).orElseGet(() -> decode(text));
    }

    private static MailboxId of(MailboxRole role) {
        return role == MailboxRole.INBOX ? new ByName(MailboxName.INBOX) : new ByRole(role);
    }

    private static MailboxId decode(String text) {
        var octets = OpaqueText.read(Kind.MAILBOX, text);
        var id = of(MailboxName.ofIdentity(StandardCharsets.ISO_8859_1.decode(octets).toString()));
        if (!id.text().equals(text)) {
            throw OpaqueText.damaged(Kind.MAILBOX);
        }
        return id;
    }

    @JsonValue
    default String text() {
        return switch (this) {
            case ByRole(var role) -> role.id();
            case ByName(var mailbox) -> {
                var payload = new ByteArrayOutputStream();
                payload.writeBytes(mailbox.identity().getBytes(StandardCharsets.ISO_8859_1));
                yield OpaqueText.write(Kind.MAILBOX, payload);
            }
        };
    }
}
