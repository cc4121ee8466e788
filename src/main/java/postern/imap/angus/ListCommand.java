package postern.imap.angus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.Rights;

/**
 * LIST of all mailboxes (RFC 9051 §6.3.9), or LSUB; counters come along where LIST-STATUS is
 * offered (RFC 5819), rights where LIST-MYRIGHTS is (RFC 8440).
 */
final class ListCommand extends Command {

    private final Capabilities capabilities;
    private final Set<ListItem> items;
    private final List<Listed> listed = new ArrayList<>();
    private final Map<MailboxName, MailboxStatus> statuses = new HashMap<>();
    private final Map<MailboxName, Rights> rights = new HashMap<>();

    /** A mailbox as the response has it. */
    private record Listed(
            MailboxName name, @Nullable Character delimiter, Set<String> attributes) {}

    private ListCommand(String verb, Capabilities capabilities, Set<ListItem> items) {
        super(verb);
        this.capabilities = capabilities;
        this.items = items;
    }

    static ListCommand list(Capabilities capabilities, Set<ListItem> items) {
        return new ListCommand("LIST", capabilities, items);
    }

    /** The subscribed mailboxes, for servers that cannot tell with LIST. */
    static ListCommand subscribed(Capabilities capabilities) {
        return new ListCommand("LSUB", capabilities, Set.of());
    }

    @Override
    void write(CommandLine line) {
        line.words(verb() + " \"\" \"*\"");
        if (verb().equals("LIST") && capabilities.listExtended()) {
            line.words(" RETURN (SUBSCRIBED CHILDREN");
            if (capabilities.specialUse()) {
                line.words(" SPECIAL-USE");
            }
            if (items.contains(ListItem.RIGHTS) && capabilities.listMyRights()) {
                line.words(" MYRIGHTS");
            }
            if (items.contains(ListItem.COUNTS) && capabilities.listStatus()) {
                line.words(" STATUS " + StatusCommand.items(capabilities));
            }
            line.words(")");
        }
    }

    @Override
    boolean take(Response response) {
        int start = response.position();
        if (response.skipWord(verb())) {
            listed(response);
            return true;
        }
        if (items.contains(ListItem.COUNTS) && response.skipWord("STATUS")) {
            var name = StatusCommand.mailboxName(response);
            if (name != null) {
                statuses.put(name, StatusCommand.parse(response));
            }
            return true;
        }
        if (items.contains(ListItem.RIGHTS) && response.skipWord("MYRIGHTS")) {
            var name = StatusCommand.mailboxName(response);
            if (name != null) {
                rights.put(name, MyRightsCommand.parse(response));
            }
            return true;
        }
        response.seek(start);
        return false;
    }

    private void listed(Response response) {
        response.skipSpaces();
        response.expect('(');
        var attributes = new HashSet<String>();
        response.skipSpaces();
        while (!response.skip(')')) {
            attributes.add(response.word().toLowerCase(Locale.ROOT));
            response.skipSpaces();
        }
        response.skipSpaces();
        var delimiter = response.latin1();
        var name = StatusCommand.mailboxName(response);
        if (name != null) {
            listed.add(
                    new Listed(
                            name,
                            delimiter == null || delimiter.isEmpty() ? null : delimiter.charAt(0),
                            Set.copyOf(attributes)));
        }
    }

    Set<MailboxName> names() {
        var names = new HashSet<MailboxName>();
        listed.forEach(mailbox -> names.add(mailbox.name));
        return names;
    }

    /** Adds what was asked for one by one. */
    void add(StatusCommand status) {
        if (status.ok() && status.status() != null) {
            statuses.put(status.mailbox(), status.status());
        }
    }

    void add(MyRightsCommand myRights) {
        if (myRights.ok() && myRights.rights() != null) {
            rights.put(myRights.mailbox(), myRights.rights());
        }
    }

    /**
     * @param subscribed the subscribed names where LIST itself did not say
     */
    List<ListedMailbox> mailboxes(@Nullable Set<MailboxName> subscribed) {
        var seen = new HashSet<MailboxName>();
        return listed.stream()
                .filter(mailbox -> seen.add(mailbox.name))
                .map(mailbox ->
                        new ListedMailbox(
                                mailbox.name,
                                mailbox.delimiter,
                                mailbox.attributes,
                                subscribed == null
                                        ? mailbox.attributes.contains("\\subscribed")
                                        : subscribed.contains(mailbox.name),
                                statuses.get(mailbox.name),
                                rights.get(mailbox.name)))
                .toList();
    }

    /** What is still to be asked for one by one. */
    List<Command> missing() {
        var missing = new ArrayList<Command>();
        for (var mailbox : mailboxes(null)) {
            if (!mailbox.selectable()) {
                continue;
            }
            if (items.contains(ListItem.COUNTS) && mailbox.status() == null) {
                missing.add(new StatusCommand(mailbox.name(), capabilities));
            }
            if (items.contains(ListItem.RIGHTS) && capabilities.acl() && mailbox.rights() == null) {
                missing.add(new MyRightsCommand(mailbox.name()));
            }
        }
        return missing;
    }
}
