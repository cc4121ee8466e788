package postern.message.change;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.FetchedMessage;

/**
 * Where a message, or a copy of it, went.
 *
 * @param message null when the server did not say
 * @param likeness what to look for then; null where the server is one that says
 * @param state its flags when it went
 */
record Relocation(
        MailboxName destination,
        @Nullable MessageRef message,
        @Nullable MessageFingerprint likeness,
        FetchedMessage state) {}
