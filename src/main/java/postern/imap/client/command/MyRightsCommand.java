package postern.imap.client.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.Rights;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;

/** MYRIGHTS (RFC 4314 §3.5). */
public final class MyRightsCommand extends Command {

    private final MailboxName mailbox;
    private @Nullable Rights rights;

    public MyRightsCommand(MailboxName mailbox) {
        super("MYRIGHTS");
        this.mailbox = mailbox;
    }

    @Override
    public void write(CommandLine line) {
        line.words("MYRIGHTS ").mailbox(mailbox);
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("MYRIGHTS")
                || !mailbox.equals(StatusCommand.mailboxName(response))) {
            return false;
        }
        rights = parse(response);
        return true;
    }

    public MailboxName mailbox() {
        return mailbox;
    }

    public @Nullable Rights rights() {
        return rights;
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    /**
     * The rights in a response, without invalid characters; null where there are none, not even "".
     */
    static @Nullable Rights parse(Response response) {
        response.skipSpaces();
        var letters = response.atEnd() ? null : response.latin1();
        return letters == null
                ? null
                : new Rights(letters.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }
}
