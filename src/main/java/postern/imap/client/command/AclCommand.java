package postern.imap.client.command;

import java.util.ArrayList;
import java.util.List;
import postern.imap.Grant;
import postern.imap.MailboxName;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** GETACL (RFC 4314 §3.3). */
public final class AclCommand extends Command {

    private final MailboxName mailbox;
    private final List<Grant> grants = new ArrayList<>();

    public AclCommand(MailboxName mailbox) {
        super("GETACL");
        this.mailbox = mailbox;
    }

    @Override
    public void write(CommandLine line) {
        line.words("GETACL ").mailbox(mailbox);
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("ACL")) {
            return false;
        }
        StatusCommand.mailboxName(response);
        response.skipSpaces();
        while (!response.atEnd()) {
            var identifier = response.utf8();
            var rights = MyRightsCommand.parse(response);
            if (identifier != null && rights != null) {
                grants.add(new Grant(identifier, rights));
            }
            response.skipSpaces();
        }
        return true;
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    public List<Grant> grants() {
        return List.copyOf(grants);
    }
}
