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
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;

/**
 * LIST of all mailboxes (RFC 9051 §6.3.9), or LSUB; counters come along where LIST-STATUS is
 * offered (RFC 5819).
 */
final class ListCommand extends Command {

    private final Capabilities capabilities;
    private final boolean counts;
    private final List<Listed> listed = new ArrayList<>();
    private final Map<MailboxName, MailboxStatus> statuses = new HashMap<>();

    /** A mailbox as the response has it. */
    private record Listed(
            MailboxName name, @Nullable Character delimiter, Set<String> attributes) {}

    private ListCommand(String verb, Capabilities capabilities, boolean counts) {
        super(verb);
        this.capabilities = capabilities;
        this.counts = counts;
    }

    static ListCommand list(Capabilities capabilities, boolean counts) {
        return new ListCommand("LIST", capabilities, counts);
    }

    /** The subscribed mailboxes, for servers that cannot tell with LIST. */
    static ListCommand subscribed(Capabilities capabilities) {
        return new ListCommand("LSUB", capabilities, false);
    }

    @Override
    void write(CommandLine line) {
        line.words(verb() + " \"\" \"*\"");
        if (verb().equals("LIST") && capabilities.listExtended()) {
            line.words(" RETURN (SUBSCRIBED CHILDREN");
            if (capabilities.specialUse()) {
                line.words(" SPECIAL-USE");
            }
            if (counts && capabilities.listStatus()) {
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
        if (counts && response.skipWord("STATUS")) {
            var name = StatusCommand.mailboxName(response);
            if (name != null) {
                statuses.put(name, StatusCommand.parse(response));
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

    /**
     * @param subscribed the subscribed names where LIST itself did not say
     */
    List<ListedMailbox> mailboxes(
            @Nullable Set<MailboxName> subscribed, Map<MailboxName, MailboxStatus> more) {
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
                                statuses.getOrDefault(mailbox.name, more.get(mailbox.name))))
                .toList();
    }

    /** Those whose counters are still to be asked for one by one. */
    List<MailboxName> withoutStatus() {
        return mailboxes(null, Map.of()).stream()
                .filter(mailbox -> mailbox.selectable() && mailbox.status() == null)
                .map(ListedMailbox::name)
                .toList();
    }
}
