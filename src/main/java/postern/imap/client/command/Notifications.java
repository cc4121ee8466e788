package postern.imap.client.command;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import postern.imap.IdleWait;
import postern.imap.MailboxName;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;

/**
 * What the server reports of mailboxes that are not selected, from NOTIFY SET to NOTIFY NONE (RFC
 * 5465). What it reports while another command runs is kept for the next listener.
 */
public final class Notifications {

    /** With nothing selected, so that it says nothing of a selected mailbox. */
    public static final String SET =
            "NOTIFY SET (personal (MessageNew MessageExpunge FlagChange MailboxName))";

    public static final String NONE = "NOTIFY NONE";

    /** Only that there were some is kept, and not which. */
    private boolean missed;

    private boolean overflowed;
    private IdleWait.@Nullable Listener listener;

    /** Who is told; null while nobody waits. */
    public void tell(IdleWait.@Nullable Listener now) {
        listener = now;
    }

    /** Whether something was reported that nobody was told of. */
    public boolean takeMissed() {
        boolean was = missed;
        missed = false;
        return was;
    }

    /** Whether the server has stopped reporting (RFC 5465 §5.8). */
    public boolean overflowed() {
        return overflowed;
    }

    /** Takes a response that no command has taken. */
    public boolean take(Response response) {
        int start = response.position();
        try {
            if (response.skipWord("STATUS")) {
                reported(StatusCommand.nameBeforeList(response));
                return true;
            }
            if (response.skipWord("LIST")) {
                listed(response);
                return true;
            }
        } catch (MalformedResponse _) {
            missed = true;
            return true;
        }
        overflowed |= Command.untaggedCode(response, "NOTIFICATIONOVERFLOW") != null;
        response.seek(start);
        return false;
    }

    private void reported(@Nullable MailboxName mailbox) {
        if (listener == null || mailbox == null) {
            missed = true;
        } else {
            listener.reported(mailbox);
        }
    }

    private void listed(Response response) {
        response.skipSpaces();
        response.skipValue();
        response.skipSpaces();
        response.delimiter();
        var mailbox = StatusCommand.nameAtEnd(response);
        if (listener == null || mailbox == null) {
            missed = true;
        } else {
            listener.listed(mailbox, previous(response));
        }
    }

    /** {@code ("OLDNAME" ("Work"))} after the name. */
    private static @Nullable MailboxName previous(Response response) {
        response.skipSpaces();
        if (response.peek() != '(') {
            return null;
        }
        var previous = new AtomicReference<@Nullable MailboxName>();
        response.list(() -> {
            var item = response.string();
            response.skipSpaces();
            if (item != null
                    && new String(item, StandardCharsets.US_ASCII).equalsIgnoreCase("OLDNAME")
                    && response.peek() == '(') {
                response.list(() -> previous.set(StatusCommand.mailboxName(response)));
            } else {
                response.skipValue();
            }
        });
        return previous.get();
    }
}
