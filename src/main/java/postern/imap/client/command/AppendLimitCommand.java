package postern.imap.client.command;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** STATUS APPENDLIMIT of a mailbox (RFC 7889 §3.2). */
public final class AppendLimitCommand extends Command {

    private final MailboxName mailbox;
    private OptionalLong limit = OptionalLong.empty();

    public AppendLimitCommand(MailboxName mailbox) {
        super("STATUS");
        this.mailbox = mailbox;
    }

    @Override
    public void write(CommandLine line) {
        line.words("STATUS ").mailbox(mailbox).words(" (APPENDLIMIT)");
    }

    @Override
    public boolean take(Response response) {
        if (!response.skipWord("STATUS")
                || !mailbox.equals(StatusCommand.nameBeforeList(response))) {
            return false;
        }
        // NIL means that the mailbox has no limit of its own.
        var octets = StatusCommand.numbers(response).get("APPENDLIMIT");
        if (octets != null) {
            limit = OptionalLong.of(octets);
        }
        return true;
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return super.refusal(code, ServerRefusals.withoutName(text, mailbox));
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    public OptionalLong limit() {
        return limit;
    }
}
