package postern.imap.client.command;

import org.jspecify.annotations.Nullable;
import postern.imap.Grant;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.imap.Rights;
import postern.imap.client.wire.CommandLine;

/** SETACL or DELETEACL (RFC 4314 §3.1, §3.2). */
public final class ChangeAclCommand extends Command {

    private final MailboxName mailbox;
    private final String identifier;
    private final @Nullable Rights rights;

    private ChangeAclCommand(
            String verb, MailboxName mailbox, String identifier, @Nullable Rights rights) {
        super(verb);
        this.mailbox = mailbox;
        this.identifier = identifier;
        this.rights = rights;
    }

    public static ChangeAclCommand set(MailboxName mailbox, Grant grant) {
        return new ChangeAclCommand("SETACL", mailbox, grant.identifier(), grant.rights());
    }

    public static ChangeAclCommand delete(MailboxName mailbox, String identifier) {
        return new ChangeAclCommand("DELETEACL", mailbox, identifier, null);
    }

    @Override
    public void write(CommandLine line) {
        line.words(verb() + " ").mailbox(mailbox).space().string(identifier);
        if (rights != null) {
            line.space().string(rights.letters());
        }
    }

    /** Servers answer BAD to rights and identifiers that they do not know. */
    @Override
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return new ImapException.NotPossible(
                "the mail server knows no such right, or nobody of that name", code);
    }
}
