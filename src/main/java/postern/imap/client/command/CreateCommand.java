package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MailboxRole;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;

/** CREATE (RFC 9051 §6.3.4), with USE for a role (RFC 6154 §3). */
public final class CreateCommand extends Command {

    private final MailboxName mailbox;
    private final @Nullable MailboxRole role;

    public CreateCommand(MailboxName mailbox, @Nullable MailboxRole role) {
        super("CREATE");
        this.mailbox = mailbox;
        this.role = role;
    }

    @Override
    public void write(CommandLine line) {
        line.words("CREATE ").mailbox(mailbox);
        if (role != null) {
            line.words(" (USE (" + role.attribute() + "))");
        }
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        boolean use = code != null && code.name().equals("USEATTR");
        return inWords(
                use
                        ? "the mail server does not give this role to a new mailbox"
                        : "the mail server has no mailboxes of this name",
                super.refusal(code, text));
    }

    /** Some servers answer BAD to names that they do not accept. */
    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return refusal(code, text);
    }
}
