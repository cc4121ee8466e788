package postern.testserver.provider;

import java.util.List;

/** Few connections, and a limit of the rate of commands. Identifiers of RFC 8474. */
class Yahoo extends ProviderScript {

    Yahoo() {
        this("yahoo");
    }

    Yahoo(String preset) {
        super(preset);
    }

    @Override
    String greeting() {
        return "[CAPABILITY %s] IMAP4rev1 imapgate-1.1.0 imap410.example.net"
                .formatted(announcedFirst());
    }

    @Override
    String announcedFirst() {
        return "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER ID MOVE NAMESPACE"
                + " XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN X-MSG-EXT UNSELECT OBJECTID";
    }

    @Override
    String announced() {
        return "IMAP4rev1 ID MOVE NAMESPACE X-ID-ACLID UIDPLUS LITERAL+ CHILDREN XAPPLELITERAL"
                + " XYMHIGHESTMODSEQ X-MSG-EXT UNSELECT OBJECTID";
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("Archive", "\\Archive \\HasNoChildren"),
                mailbox("Bulk Mail", "\\Junk \\HasNoChildren"),
                mailbox("Draft", "\\Drafts \\HasNoChildren"),
                mailbox("Inbox", "\\HasNoChildren"),
                mailbox("Sent", "\\Sent \\HasNoChildren"),
                mailbox("Trash", "\\Trash \\HasNoChildren"));
    }

    @Override
    String passwordRefused() {
        return "NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials";
    }

    @Override
    String challenge() {
        return "{\"status\":\"invalid_token\",\"schemes\":\"bearer\",\"scope\":\"mail-w\"}";
    }

    @Override
    String tokenRefused() {
        return "NO [AUTHENTICATIONFAILED] AUTHENTICATE Invalid credentials";
    }

    @Override
    String tooManyConnections() {
        return "NO [LIMIT] LOGIN Session limit reached";
    }

    @Override
    String throttled() {
        return "NO [LIMIT] Rate limit hit";
    }
}
