package postern.testserver.provider;

import java.util.List;

/** Says the same of a wrong password, of a closed service and of its own troubles. */
final class Qq extends ProviderScript {

    Qq() {
        super("qq");
    }

    @Override
    String greeting() {
        return "[CAPABILITY %s] QQMail XMIMAP4Server ready".formatted(announcedFirst());
    }

    @Override
    String announcedFirst() {
        return "IMAP4 IMAP4rev1 ID AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 NAMESPACE";
    }

    @Override
    String announced() {
        return "IMAP4 IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS";
    }

    @Override
    boolean announcesAtLogin() {
        return false;
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("INBOX", "\\HasNoChildren"),
                mailbox("Sent Messages", "\\HasNoChildren"),
                mailbox("Drafts", "\\HasNoChildren"),
                mailbox("Deleted Messages", "\\HasNoChildren"),
                mailbox("Junk", "\\HasNoChildren"),
                mailbox("&UXZO1mWHTvZZOQ-", "\\NoSelect \\HasChildren"));
    }

    @Override
    String passwordRefused() {
        return "NO Login fail. Account is abnormal, service is not open, password is incorrect,"
                + " login frequency limited, or system is busy. More information at"
                + " https://service.mail.qq.com/detail/0/1010";
    }

    @Override
    String tooManyConnections() {
        return "NO [LIMIT] Too many connections";
    }

    @Override
    String throttled() {
        return "NO System busy!";
    }
}
