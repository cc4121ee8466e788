package postern.changes;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.AccountTag;
import postern.imap.Access;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.UidSet;
import postern.mailbox.directory.MailboxResolver;
import postern.message.metadata.Keywords;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageRows;
import postern.message.metadata.MessageSummary;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.message.sync.ChangesSince;
import postern.web.id.Cursor;
import postern.web.id.MailboxId;
import postern.web.id.MessageId;
import postern.web.id.SyncState;

/** Makes a page of what changed in a mailbox. */
@Component
public class Changes {

    static final int MOST = 1_000;

    private static final int CURSOR_KIND = 'c';

    private final ImapConnections connections;
    private final MailboxResolver mailboxes;
    private final ChangesSince changes;
    private final MetadataCache cache;

    Changes(
            ImapConnections connections,
            MailboxResolver mailboxes,
            ChangesSince changes,
            MetadataCache cache) {
        this.connections = connections;
        this.mailboxes = mailboxes;
        this.changes = changes;
        this.cache = cache;
    }

    public ChangesPage list(Account account, MailboxId mailboxId, ChangesQuery query) {
        var mailbox = mailboxes.resolve(account, mailboxId);
        var page = page(account, mailbox, query);
        var told = page.changes();
        var tag = AccountTag.of(account);
        return new ChangesPage(
                rows(account, mailbox, page, query),
                told.updated().entrySet().stream()
                        .map(it ->
                                new ChangedKeywords(
                                        id(mailbox, page, it.getKey(), tag),
                                        Keywords.of(it.getValue())))
                        .toList(),
                told.removed().stream().mapToObj(uid -> id(mailbox, page, uid, tag)).toList(),
                page.next() == 0 ? page.state() : null,
                page.next() == 0 ? null : cursor(query.since(), page));
    }

    private ChangesSince.Page page(Account account, MailboxName mailbox, ChangesQuery query) {
        var cursor = query.cursor();
        if (cursor == null) {
            return changes.since(account, mailbox, query.since(), query.limit());
        }
        cursor.require(CURSOR_KIND, 2);
        long uid = cursor.number(0);
        var target = cursor.state();
        if (target == null
                || uid < 1
                || uid > UidSet.MAX
                || cursor.number(1) != checksum(query.since())) {
            throw Cursor.invalid();
        }
        return changes.after(account, mailbox, query.since(), target, uid, query.limit());
    }

    /** It is good only for the state that it was made for. */
    private static Cursor cursor(SyncState since, ChangesSince.Page page) {
        return Cursor.of(CURSOR_KIND, page.next(), checksum(since)).with(page.state());
    }

    private static long checksum(SyncState state) {
        var crc = new CRC32C();
        crc.update(state.text().getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    private static MessageId id(
            MailboxName mailbox, ChangesSince.Page page, long uid, AccountTag tag) {
        return MessageId.of(new MessageRef(mailbox, page.uidValidity(), uid, tag));
    }

    /** A message that is gone again has no row; one that is there has one. */
    private List<MessageSummary> rows(
            Account account, MailboxName name, ChangesSince.Page page, ChangesQuery query) {
        var added = page.changes().added();
        if (added.isEmpty()) {
            return List.of();
        }
        var uids = UidSet.of(added.keySet());
        var rows = rows(account, name, page.uidValidity(), uids, query);
        var missing = uids.without(UidSet.of(rows.stream().map(MessageSummary::order).toList()));
        if (!missing.isEmpty() && changes.exist(account, name, missing)) {
            throw new ImapException.ProtocolError(
                    "the mail server leaves out messages", null, null);
        }
        // The keywords of the state, so that later changes are changes of what was told.
        return rows.stream()
                .map(row -> row.with(Keywords.of(requireNonNull(added.get(row.order())))))
                .toList();
    }

    private List<MessageSummary> rows(
            Account account, MailboxName name, long uidValidity, UidSet uids, ChangesQuery query) {
        try (var mailbox = connections.select(account, name, Access.READ_ONLY, Lane.INTERACTIVE)) {
            mailbox.requireUidValidity(uidValidity);
            var epoch = MailboxEpoch.of(account, mailbox);
            var loader =
                    new MetadataLoader(mailbox, cache, epoch, MessageField.items(query.fields()));
            return MessageRows.of(loader.fetch(uids), epoch, loader, query.fields());
        }
    }
}
