package postern.testserver.provider;

import java.util.List;

/**
 * Mailboxes are labels below {@code [Gmail]}, and each message is in All Mail as well. CONDSTORE
 * without QRESYNC.
 */
final class Gmail extends ProviderScript {

    Gmail() {
        super("gmail");
    }

    @Override
    String greeting() {
        return "Gimap ready for requests from 192.0.2.1 a1b2c3";
    }

    @Override
    String announcedFirst() {
        return "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR"
                + " AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER";
    }

    @Override
    String announced() {
        return "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS"
                + " COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED"
                + " LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584";
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("INBOX", "\\HasNoChildren"),
                mailbox("Receipts", "\\HasNoChildren"),
                mailbox("[Gmail]", "\\HasChildren \\Noselect"),
                mailbox("[Gmail]/All Mail", "\\All \\HasNoChildren"),
                mailbox("[Gmail]/Drafts", "\\Drafts \\HasNoChildren"),
                mailbox("[Gmail]/Important", "\\HasNoChildren \\Important"),
                mailbox("[Gmail]/Sent Mail", "\\HasNoChildren \\Sent"),
                mailbox("[Gmail]/Spam", "\\HasNoChildren \\Junk"),
                mailbox("[Gmail]/Starred", "\\Flagged \\HasNoChildren"),
                mailbox("[Gmail]/Trash", "\\HasNoChildren \\Trash"));
    }

    @Override
    String passwordRefused() {
        return "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)";
    }

    @Override
    String appPasswordWanted() {
        return "NO [ALERT] Application-specific password required:"
                + " https://support.google.com/accounts/answer/185833 (Failure)";
    }

    @Override
    String challenge() {
        return "{\"status\":\"400\",\"schemes\":\"Bearer\",\"scope\":\"https://mail.google.com/\"}";
    }

    @Override
    String tooManyConnections() {
        return "NO [ALERT] Too many simultaneous connections. (Failure)";
    }

    @Override
    String throttled() {
        return "NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)";
    }

    @Override
    boolean labels() {
        return true;
    }
}
