package postern.testserver.provider;

import java.util.List;

/**
 * Exchange Online: no CONDSTORE, ESEARCH, LIST-EXTENDED or LIST-STATUS; special mailboxes have
 * their attributes though SPECIAL-USE is not announced. It takes no passwords.
 */
final class Outlook extends ProviderScript {

    private static final String CAPABILITIES =
            "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE"
                    + " NAMESPACE LITERAL+";

    Outlook() {
        super("outlook");
    }

    @Override
    String greeting() {
        return "The Microsoft Exchange IMAP4 service is ready. [QQBNADcAUABSADEAMAA=]";
    }

    @Override
    String announcedFirst() {
        return CAPABILITIES;
    }

    @Override
    String announced() {
        return CAPABILITIES;
    }

    @Override
    boolean announcesAtLogin() {
        return false;
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("Archive", "\\HasNoChildren"),
                mailbox("Calendar", "\\HasNoChildren"),
                mailbox("Deleted", "\\HasNoChildren \\Trash"),
                mailbox("Drafts", "\\HasNoChildren \\Drafts"),
                mailbox("INBOX", "\\Marked \\HasNoChildren"),
                mailbox("Junk", "\\HasNoChildren \\Junk"),
                mailbox("Sent", "\\HasNoChildren \\Sent"));
    }

    @Override
    String passwordRefused() {
        return "NO LOGIN failed.";
    }

    @Override
    String tokenRefused() {
        return "NO AUTHENTICATE failed.";
    }

    @Override
    String tooManyConnections() {
        return throttled();
    }

    @Override
    String throttled() {
        return "BAD Request is throttled. Suggested Backoff Time: 61000 milliseconds";
    }
}
