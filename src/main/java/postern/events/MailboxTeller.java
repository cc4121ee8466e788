package postern.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import postern.account.Account;
import postern.changes.ChangesPage;
import postern.changes.ChangesQuery;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.watch.Listening;
import postern.imap.watch.Marks;
import postern.message.metadata.MessageField;
import postern.shared.SharedStateUnavailable;
import postern.web.id.EventId;
import postern.web.id.SyncState;
import postern.web.problem.ProblemException;

/** Tells which messages of some mailboxes were added, updated and removed. */
final class MailboxTeller implements Teller<MailboxName> {

    private static final Logger log = LoggerFactory.getLogger(MailboxTeller.class);

    /** The changes in one frame. */
    private static final int PAGE = 100;

    /** More changes than this are fetched by the client itself. */
    private static final int MOST = 1_000;

    private final EventStreams streams;
    private final Account account;
    private final Collection<StreamedMailbox> mailboxes;
    private final Set<MessageField> fields;
    private final Marks<MailboxName> marks = new Marks<>();
    private final Retries retries = new Retries();

    MailboxTeller(
            EventStreams streams,
            Account account,
            Collection<StreamedMailbox> mailboxes,
            Set<MessageField> fields) {
        this.streams = streams;
        this.account = account;
        this.mailboxes = List.copyOf(mailboxes);
        this.fields = fields;
    }

    @Override
    public Marks<MailboxName> marks() {
        return marks;
    }

    @Override
    public Listening listen() {
        var names =
                mailboxes.stream()
                        .map(StreamedMailbox::name)
                        .filter(MailboxName::located) // the others are gone
                        .toList();
        return streams.watches()
                .listen(account, names.isEmpty() ? List.of(MailboxName.INBOX) : names, marks::mark);
    }

    @Override
    public void resume(String lastEventId) {
        streams.ids().resume(account, lastEventId, mailboxes);
    }

    /** It listens already, so that nothing is missed between the states and the first hint. */
    @Override
    public void begin(boolean resumes) {
        for (var mailbox : mailboxes) {
            if (resumes) {
                marks.mark(mailbox.name());
            } else {
                mailbox.state(streams.now(account, mailbox.name()));
            }
        }
    }

    @Override
    public EventId id() {
        return streams.ids().id(account, mailboxes);
    }

    @Override
    public void tell(MailboxName due, EventOutput output) throws IOException {
        for (var mailbox : mailboxes) {
            if (mailbox.name().equals(due)) {
                tell(mailbox, output);
            }
        }
    }

    private void tell(StreamedMailbox mailbox, EventOutput output) throws IOException {
        try {
            var state = mailbox.state();
            if (state == null) {
                resync(mailbox, output);
            } else {
                changes(mailbox, state, output);
            }
            retries.succeeded();
        } catch (ProblemException expired) {
            expire(mailbox);
        } catch (ImapException failure) {
            failed(mailbox, failure, output);
        } catch (SharedStateUnavailable _) {
            log.debug("no changes of a mailbox: the store is away");
            retryLater(mailbox);
        }
    }

    private void failed(StreamedMailbox mailbox, ImapException failure, EventOutput output)
            throws IOException {
        StreamOver.throwIfRefused(failure);
        switch (failure) {
            case ImapException.MailboxReset _ -> expire(mailbox);
            case ImapException.MailboxNotFound _, ImapException.PermissionDenied _ -> {
                if (!mailbox.gone()) {
                    mailbox.lose();
                    tellResync(mailbox, output);
                }
            }
            default -> {
                log.debug("no changes of a mailbox: {}", failure.getClass().getSimpleName());
                retryLater(mailbox);
            }
        }
    }

    /** What has changed since its state cannot be told. */
    private void expire(StreamedMailbox mailbox) {
        if (mailbox.state() == null) {
            retryLater(mailbox);
        } else {
            mailbox.state(null);
            marks.mark(mailbox.name());
        }
    }

    private void retryLater(StreamedMailbox mailbox) {
        marks.retry(Set.of(mailbox.name()), retries.failed());
    }

    /** From here on all changes are told again; those before are for the client to find out. */
    private void resync(StreamedMailbox mailbox, EventOutput output) throws IOException {
        var now = streams.now(account, mailbox.name());
        tellResync(mailbox, output);
        mailbox.state(now);
    }

    private void tellResync(StreamedMailbox mailbox, EventOutput output) throws IOException {
        output.event("resync", streams.json(new Resync(mailbox.id())), null);
    }

    private void changes(StreamedMailbox mailbox, SyncState since, EventOutput output)
            throws IOException {
        var frames = new Frames(output);
        var query = new ChangesQuery(since, PAGE, null, fields);
        var page = streams.changes(account, mailbox, query);
        for (int told = size(page); page.nextCursor() != null; told += size(page)) {
            if (told >= MOST) {
                resync(mailbox, output);
                return;
            }
            frames.addAll(frames(mailbox, page));
            page =
                    streams.changes(
                            account,
                            mailbox,
                            new ChangesQuery(since, PAGE, page.nextCursor(), fields));
        }
        frames.addAll(frames(mailbox, page));
        mailbox.state(page.state());
        try {
            frames.end();
        } catch (SharedStateUnavailable away) {
            mailbox.state(since); // the last frame was not told
            throw away;
        }
    }

    private static int size(ChangesPage page) {
        return page.added().size() + page.updated().size() + page.removed().size();
    }

    private record Frame(String type, String json) {}

    private List<Frame> frames(StreamedMailbox mailbox, ChangesPage page) {
        var frames = new ArrayList<Frame>();
        var state = page.state();
        var last =
                !page.removed().isEmpty()
                        ? "removed"
                        : !page.updated().isEmpty() ? "updated" : "added";
        if (!page.added().isEmpty()) {
            var added =
                    new MessagesAdded(
                            mailbox.id(), page.added(), last.equals("added") ? state : null);
            frames.add(new Frame("message.added", streams.json(added)));
        }
        if (!page.updated().isEmpty()) {
            var updated =
                    new MessagesUpdated(
                            mailbox.id(), page.updated(), last.equals("updated") ? state : null);
            frames.add(new Frame("message.updated", streams.json(updated)));
        }
        if (!page.removed().isEmpty()) {
            var removed = new MessagesRemoved(mailbox.id(), page.removed(), state);
            frames.add(new Frame("message.removed", streams.json(removed)));
        }
        return frames;
    }

    /** Holds the last frame back until it is known that it is the last one, which has the id. */
    private final class Frames {

        private final EventOutput output;
        private @Nullable Frame held;

        Frames(EventOutput output) {
            this.output = output;
        }

        void addAll(List<Frame> frames) throws IOException {
            for (var frame : frames) {
                if (held != null) {
                    output.event(held.type(), held.json(), null);
                }
                held = frame;
            }
        }

        void end() throws IOException {
            if (held != null) {
                output.event(held.type(), held.json(), id());
            }
        }
    }
}
