package postern.testserver.provider;

import java.util.List;

/**
 * As Yahoo, without attributes of special mailboxes. The user has a mailbox of a usual name beside
 * that of the provider.
 */
final class Aol extends Yahoo {

    Aol() {
        super("aol");
    }

    @Override
    List<ProviderMailbox> mailboxes() {
        return List.of(
                mailbox("Archive", "\\HasNoChildren"),
                mailbox("Bulk Mail", "\\HasNoChildren"),
                mailbox("Draft", "\\HasNoChildren"),
                mailbox("Inbox", "\\HasNoChildren"),
                mailbox("Junk", "\\HasNoChildren"),
                mailbox("Sent", "\\HasNoChildren"),
                mailbox("Trash", "\\HasNoChildren"));
    }
}
