package postern.message.change;

import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.FetchedMessage;

/**
 * The result of a move or copy.
 *
 * @param message the new location; null when the server did not report it
 * @param fingerprint to find the message by; null when the server reports the location
 * @param state its flags when it was moved or copied
 */
record Relocation(
        MailboxName destination,
        @Nullable MessageRef message,
        @Nullable MessageFingerprint fingerprint,
        FetchedMessage state) {}
