package postern.testserver.provider;

import java.util.List;

/**
 * Takes the user name with or without its domain. It announces QRESYNC, whose answers are wrong,
 * and no special uses.
 */
final class ICloud extends ProviderScript {

    ICloud() {
        super("icloud");
    }

    @Override
    String greeting() {
        return "[CAPABILITY %s] iSCREAM ready to rumble (1Q40:2323) [42:1:2:3]"
                .formatted(announcedFirst());
    }

    @Override
    String announcedFirst() {
        return "st11p00mm-iscream001 1Q40 XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN"
                + " AUTH=PTOKEN AUTH=PLAIN";
    }

    @Override
    String announced() {
        return "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 ID QUOTA LITERAL+ NAMESPACE UIDPLUS UNSELECT"
                + " CHILDREN ESEARCH WITHIN CONDSTORE QRESYNC ENABLE IDLE XLIST";
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("INBOX", "\\HasNoChildren"),
                mailbox("Archive", "\\HasNoChildren"),
                mailbox("Deleted Messages", "\\HasNoChildren"),
                mailbox("Drafts", "\\HasNoChildren"),
                mailbox("Junk", "\\HasNoChildren"),
                mailbox("Sent Messages", "\\HasNoChildren"));
    }

    @Override
    boolean names(String user, String address) {
        return user.equals(address) || address.startsWith(user + "@");
    }

    @Override
    String passwordRefused() {
        return "NO [AUTHENTICATIONFAILED] Authentication Failed";
    }

    @Override
    String tooManyConnections() {
        return "NO [LIMIT] Too many connections for user";
    }

    @Override
    String throttled() {
        return "NO [UNAVAILABLE] Unable to process your request at this time";
    }

    @Override
    List<String> switchedOff() {
        return List.of("QRESYNC");
    }
}
