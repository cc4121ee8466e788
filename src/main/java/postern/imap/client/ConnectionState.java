package postern.imap.client;

import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.imap.Capabilities;
import postern.imap.MailboxName;
import postern.imap.client.command.FetchExtras;
import postern.imap.client.command.Notifications;
import postern.imap.client.command.RefusedCapabilities;
import postern.imap.client.command.SearchGrammar;
import postern.imap.client.command.SelectionState;

/** What is known of a connection: what its server supports, and which mailbox is selected. */
final class ConnectionState {

    private final ImapServer server;
    private final AccountTag accountTag;
    private final RefusedCapabilities refused;
    private final SearchGrammar searchGrammar = new SearchGrammar();
    private final FetchExtras fetchExtras = new FetchExtras();
    private Capabilities capabilities;
    private @Nullable SelectionState selection;
    private @Nullable Notifications notifications;
    private boolean mailboxLost;
    private boolean reportsVanished;
    private boolean everSelected;

    ConnectionState(Account account, Capabilities announced, RefusedCapabilities refused) {
        this.server = account.server();
        this.accountTag = AccountTag.of(account);
        this.refused = refused;
        this.capabilities = refused.without(server, announced);
    }

    String host() {
        return server.host();
    }

    AccountTag accountTag() {
        return accountTag;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    /** The server has sent its capabilities again. */
    void announced(Capabilities announced) {
        capabilities = refused.without(server, announced);
    }

    /**
     * Stops using a capability that the server announced, or that another one includes, and that it
     * refused when it was used. This applies for a while to all connections to that server.
     */
    void giveUp(String capability) {
        refused.add(server, capability);
        capabilities = capabilities.without(capability);
    }

    SearchGrammar searchGrammar() {
        return searchGrammar;
    }

    FetchExtras fetchExtras() {
        return fetchExtras;
    }

    /** Whether QRESYNC is enabled, so that VANISHED replaces EXPUNGE (RFC 7162 §3.2.10.2). */
    boolean reportsVanished() {
        return reportsVanished;
    }

    /** ENABLE is not valid any more once a mailbox was selected (RFC 5161 §3.1). */
    boolean mayEnable() {
        return !everSelected;
    }

    void qresyncEnabled() {
        reportsVanished = true;
    }

    @Nullable SelectionState selection() {
        return selection;
    }

    /** Null when no mailbox is selected. */
    void select(@Nullable SelectionState selected) {
        selection = selected;
        everSelected |= selected != null;
    }

    /** Null where the server reports nothing of mailboxes that are not selected. */
    @Nullable Notifications notifications() {
        return notifications;
    }

    void notifications(@Nullable Notifications now) {
        notifications = now;
    }

    /** The name of the selected mailbox. */
    @Nullable MailboxName selected() {
        return selection == null ? null : selection.name();
    }

    /**
     * Whether the selected mailbox was deleted or renamed, or the server fails to read it: what it
     * says of the mailbox is useless, and so is the connection.
     */
    boolean mailboxLost() {
        return mailboxLost;
    }

    void loseMailbox() {
        mailboxLost = true;
    }
}
