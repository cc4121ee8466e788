package postern.imap.angus;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.Rights;

/** MYRIGHTS (RFC 4314 §3.5). */
final class MyRightsCommand extends Command {

    private final MailboxName mailbox;
    private @Nullable Rights rights;

    MyRightsCommand(MailboxName mailbox) {
        super("MYRIGHTS");
        this.mailbox = mailbox;
    }

    @Override
    void write(CommandLine line) {
        line.words("MYRIGHTS ").mailbox(mailbox);
    }

    @Override
    boolean take(Response response) {
        int start = response.position();
        if (response.skipWord("MYRIGHTS") && mailbox.equals(StatusCommand.mailboxName(response))) {
            rights = parse(response);
            return true;
        }
        response.seek(start);
        return false;
    }

    MailboxName mailbox() {
        return mailbox;
    }

    @Nullable Rights rights() {
        return rights;
    }

    @Override
    boolean harmless() {
        return true;
    }

    /** Rights in a response, without what is no right; null where it has none, not even "". */
    static @Nullable Rights parse(Response response) {
        response.skipSpaces();
        var letters = response.atEnd() ? null : response.latin1();
        return letters == null
                ? null
                : new Rights(letters.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }
}
