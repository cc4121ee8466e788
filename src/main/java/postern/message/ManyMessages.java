package postern.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MailboxOutcome;
import postern.message.metadata.MetadataCache;
import postern.web.id.MessageId;

/**
 * Reads many messages by their ids: each mailbox is selected once, several of them on as many
 * connections as the account has to spare.
 */
@Component
public class ManyMessages {

    private final ImapConnections connections;
    private final MetadataCache cache;

    ManyMessages(ImapConnections connections, MetadataCache cache) {
        this.connections = connections;
        this.cache = cache;
    }

    /** A request, and what it has found out so far. */
    record Request(
            Account account, MessagesQuery query, OctetBudget budget, MessageOutcomes outcomes) {

        Request(Account account, MessagesQuery query) {
            this(account, query, new OctetBudget(query.maxOctets()), new MessageOutcomes());
        }
    }

    public MessagesById read(Account account, MessagesQuery query) {
        var request = new Request(account, query);
        var groups = new LinkedHashMap<MailboxName, List<MessageId>>();
        for (var id : query.ids()) {
            var mailbox = id.message().mailbox();
            groups.computeIfAbsent(mailbox, _ -> new ArrayList<>()).add(id);
        }
        groups.entrySet().removeIf(group -> outOfScope(request, group));
        if (groups.size() == 1) {
            var group = groups.firstEntry();
            readOne(request, group.getKey(), group.getValue());
        } else if (!groups.isEmpty()) {
            readAll(request, groups);
        }
        return request.outcomes().of(query);
    }

    /** A narrowed token is told of each message beyond its mailboxes, and gets the others. */
    private static boolean outOfScope(
            Request request, Map.Entry<MailboxName, List<MessageId>> group) {
        try {
            ImapException.OutOfScope.require(request.account(), group.getKey());
            return false;
        } catch (ImapException.OutOfScope e) {
            request.outcomes().refused(group.getValue(), e);
            return true;
        }
    }

    /** Uses a connection on which this mailbox is already selected, if there is one. */
    private void readOne(Request request, MailboxName name, List<MessageId> ids) {
        try (var mailbox =
                connections.select(request.account(), name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            new MailboxMessages(request, cache, mailbox).read(ids);
        } catch (ImapException e) {
            refused(request, ids, e);
        }
    }

    private void readAll(Request request, Map<MailboxName, List<MessageId>> groups) {
        var read =
                connections.each(
                        request.account(),
                        List.copyOf(groups.keySet()),
                        Access.READ_ONLY,
                        mailbox -> {
                            var ids = groups.getOrDefault(mailbox.name(), List.of());
                            new MailboxMessages(request, cache, mailbox).read(ids);
                            return mailbox.name();
                        });
        for (var outcome : read) {
            if (outcome instanceof MailboxOutcome.Refused<MailboxName>(var name, var reason)) {
                refused(request, groups.getOrDefault(name, List.of()), reason);
            }
        }
    }

    /** What says nothing of the mailbox is a failure of the request, not of its messages. */
    private static void refused(Request request, List<MessageId> ids, ImapException reason) {
        switch (reason) {
            case ImapException.MailboxNotFound _,
                    ImapException.OutOfScope _,
                    ImapException.PermissionDenied _,
                    ImapException.MailboxReset _ ->
                    request.outcomes().refused(ids, reason);
            default -> throw reason;
        }
    }
}
