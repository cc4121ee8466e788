package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import postern.imap.Capabilities;
import postern.imap.ListItem;
import postern.imap.ListedMailbox;
import postern.imap.MailboxName;
import postern.imap.MailboxStatus;
import postern.imap.Rights;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;

/**
 * LIST of all mailboxes (RFC 9051 §6.3.9), or LSUB; with counters where the server has LIST-STATUS
 * (RFC 5819), and rights where it has LIST-MYRIGHTS (RFC 8440). Names have their MAILBOXID where
 * the server tells it (RFC 8474) and no other mailbox has the same.
 */
public final class ListCommand extends Command {

    private final Capabilities capabilities;
    private final Set<ListItem> items;
    private final boolean withIds;
    private final List<Listed> listed = new ArrayList<>();
    private final Map<MailboxName, MailboxStatus> statuses = new HashMap<>();
    private final Map<MailboxName, String> ids = new HashMap<>();
    private final Map<MailboxName, Rights> rights = new HashMap<>();

    /** A mailbox as in the response. */
    private record Listed(
            MailboxName name, @Nullable Character delimiter, Set<String> attributes) {}

    private ListCommand(
            String verb, Capabilities capabilities, Set<ListItem> items, boolean withIds) {
        super(verb);
        this.capabilities = capabilities;
        this.items = items;
        this.withIds = withIds && capabilities.mailboxIds();
    }

    /** Where counters are requested, {@link #ids} must be sent in the same flush. */
    public static ListCommand list(Capabilities capabilities, Set<ListItem> items) {
        return new ListCommand("LIST", capabilities, items, !items.contains(ListItem.COUNTS));
    }

    /**
     * LIST of the ids, which cannot be requested beside counters; null where {@link #list} returns
     * them, or the server does not have them in LIST.
     */
    public static @Nullable ListCommand ids(Capabilities capabilities, Set<ListItem> items) {
        return items.contains(ListItem.COUNTS)
                        && capabilities.mailboxIds()
                        && capabilities.listExtended()
                        && capabilities.listStatus()
                ? new ListCommand("LIST", capabilities, Set.of(), true)
                : null;
    }

    /** LIST of the names alone. */
    public static ListCommand names(Capabilities capabilities) {
        return new ListCommand("LIST", capabilities, Set.of(), false);
    }

    /** LSUB, for servers whose LIST does not return subscriptions. */
    public static ListCommand subscribed(Capabilities capabilities) {
        return new ListCommand("LSUB", capabilities, Set.of(), false);
    }

    @Override
    public void write(CommandLine line) {
        line.words(verb() + " \"\" \"*\"");
        if (verb().equals("LIST") && capabilities.listExtended()) {
            line.words(" RETURN (SUBSCRIBED CHILDREN");
            if (capabilities.specialUse()) {
                line.words(" SPECIAL-USE");
            }
            if (items.contains(ListItem.RIGHTS) && capabilities.listMyRights()) {
                line.words(" MYRIGHTS");
            }
            if (asksStatus()) {
                line.words(
                        " STATUS "
                                + (items.contains(ListItem.COUNTS)
                                        ? StatusCommand.items(capabilities)
                                        : StatusCommand.ID_ALONE));
            }
            line.words(")");
        }
    }

    /** Whether it returns STATUS by itself. */
    private boolean asksStatus() {
        return extended()
                && capabilities.listStatus()
                && (withIds || items.contains(ListItem.COUNTS));
    }

    @Override
    public boolean take(Response response) {
        if (response.skipWord(verb())) {
            listed(response);
            return true;
        }
        if ((withIds || items.contains(ListItem.COUNTS)) && response.skipWord("STATUS")) {
            status(response);
            return true;
        }
        if (items.contains(ListItem.RIGHTS) && response.skipWord("MYRIGHTS")) {
            rights(response);
            return true;
        }
        return false;
    }

    private void status(Response response) {
        try {
            var name = StatusCommand.nameBeforeList(response);
            if (name != null) {
                add(name, StatusCommand.parse(response));
            }
        } catch (MalformedResponse _) {
            // the counters are requested again one by one
        }
    }

    private void rights(Response response) {
        try {
            var name = StatusCommand.mailboxName(response);
            var parsed = MyRightsCommand.parse(response);
            if (name != null && parsed != null) {
                rights.put(name, parsed);
            }
        } catch (MalformedResponse _) {
            // the rights are requested again one by one
        }
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    private void listed(Response response) {
        response.skipSpaces();
        var attributes = attributes(response);
        response.skipSpaces();
        var delimiter = response.delimiter();
        var name = StatusCommand.nameAtEnd(response);
        if (name != null) {
            listed.add(new Listed(name, delimiter, attributes));
        }
    }

    private static Set<String> attributes(Response response) {
        if (response.peek() != '(') {
            response.string(); // NIL
            return Set.of();
        }
        var attributes = new HashSet<String>();
        response.list(() -> {
            var word = response.word();
            if (word.isEmpty()) {
                throw new MalformedResponse("an attribute expected");
            }
            attributes.add(word.toLowerCase(Locale.ROOT));
        });
        return Set.copyOf(attributes);
    }

    /** An empty list is not an answer, since every account has an INBOX. */
    public boolean answered() {
        return ok() && !listed.isEmpty();
    }

    /** Whether it uses LIST-EXTENDED. */
    boolean extended() {
        return verb().equals("LIST") && capabilities.listExtended();
    }

    /**
     * The extensions to drop when the server refuses this command: first those of the additional
     * items, then LIST-EXTENDED; empty for a plain LIST.
     */
    public Set<String> extensions() {
        if (!extended()) {
            return Set.of();
        }
        if (withIds && misunderstood()) {
            return Set.of(RefusedCapabilities.STATUS_MAILBOXID);
        }
        var extensions = new HashSet<String>();
        if (asksStatus()) {
            extensions.add(RefusedCapabilities.LIST_STATUS);
        }
        if (items.contains(ListItem.RIGHTS) && capabilities.listMyRights()) {
            extensions.add(RefusedCapabilities.LIST_MYRIGHTS);
        }
        return extensions.isEmpty() ? Set.of(RefusedCapabilities.LIST_EXTENDED) : extensions;
    }

    public Set<MailboxName> selectable() {
        return mailboxes(null).stream()
                .filter(ListedMailbox::selectable)
                .map(ListedMailbox::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    public Set<MailboxName> names() {
        var names = new HashSet<MailboxName>();
        listed.forEach(mailbox -> names.add(mailbox.name));
        return names;
    }

    private void add(MailboxName name, MailboxStatus status) {
        if (status.mailboxId() == null) {
            statuses.put(name, status);
        } else {
            ids.put(name, status.mailboxId());
        }
    }

    /** Adds what was requested for one mailbox: its counters, or its id. */
    public void add(StatusCommand status) {
        if (status.ok() && status.status() != null) {
            add(status.mailbox(), status.status());
        }
    }

    public void addIds(ListCommand of) {
        ids.putAll(of.ids);
    }

    public void add(MyRightsCommand myRights) {
        if (myRights.ok() && myRights.rights() != null) {
            rights.put(myRights.mailbox(), myRights.rights());
        }
    }

    /**
     * @param subscribed the subscribed names where LIST did not return subscriptions; null where
     *     they are unknown
     */
    public List<ListedMailbox> mailboxes(@Nullable Set<MailboxName> subscribed) {
        var seen = new HashSet<MailboxName>();
        var unique = uniqueIds();
        return listed.stream()
                .filter(mailbox -> seen.add(mailbox.name))
                .map(mailbox ->
                        new ListedMailbox(
                                mailbox.name.withId(unique.get(mailbox.name)),
                                mailbox.delimiter,
                                mailbox.attributes,
                                subscribed(mailbox, subscribed),
                                status(mailbox.name),
                                rights.get(mailbox.name)))
                .toList();
    }

    private @Nullable MailboxStatus status(MailboxName name) {
        var status = statuses.get(name);
        return status == null ? null : status.withId(ids.get(name));
    }

    /** An id that several mailboxes have identifies none of them. */
    private Map<MailboxName, String> uniqueIds() {
        var counts = new HashMap<String, Integer>();
        ids.values().forEach(id -> counts.merge(id, 1, Integer::sum));
        var unique = new HashMap<>(ids);
        unique.values().removeIf(id -> counts.getOrDefault(id, 0) > 1);
        return unique;
    }

    private @Nullable Boolean subscribed(Listed mailbox, @Nullable Set<MailboxName> subscribed) {
        if (subscribed != null) {
            return subscribed.contains(mailbox.name);
        }
        return extended() ? mailbox.attributes.contains("\\subscribed") : null;
    }

    /** STATUS and MYRIGHTS for the requested items that LIST did not return. */
    public List<Command> missing() {
        var missing = new ArrayList<Command>();
        for (var mailbox : mailboxes(null)) {
            if (!mailbox.selectable()) {
                continue;
            }
            if (items.contains(ListItem.COUNTS) && !counted(mailbox)) {
                missing.add(new StatusCommand(mailbox.name(), capabilities));
            }
            if (capabilities.mailboxIds() && !capabilities.listStatus()) {
                missing.add(StatusCommand.ofId(mailbox.name(), capabilities));
            }
            if (items.contains(ListItem.RIGHTS) && capabilities.acl() && mailbox.rights() == null) {
                missing.add(new MyRightsCommand(mailbox.name()));
            }
        }
        return missing;
    }

    private static boolean counted(ListedMailbox mailbox) {
        return mailbox.status() != null && mailbox.status().counted();
    }
}
