package postern.export;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.imap.Access;
import postern.imap.AppendOutcome;
import postern.imap.ImapConnection;
import postern.imap.ImapConnections;
import postern.imap.ImapException;
import postern.imap.Lane;
import postern.imap.MailboxName;
import postern.imap.Quota;
import postern.imap.message.Flag;
import postern.imap.message.MessageToAppend;
import postern.message.change.MessageBeginning;
import postern.web.idempotency.MessageTrail;
import postern.web.problem.Problem;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;
import postern.web.transfer.SpoolFull;
import postern.web.transfer.SpoolSpace;

/**
 * Appends the messages of an mbox, with pipelined commands. Each message has its own result, and
 * none is sent twice unless the mail server cannot have received all of it.
 */
@Component
class Imports {

    private static final int BATCH_OCTETS = 1 << 20;
    private static final int BATCH_MESSAGES = 100;

    /**
     * At most one quarter of an mbox is overhead that is not stored: separators, quoting, and the
     * fields that become flags.
     */
    private static final int MBOX_OVERHEAD = 4;

    private final ImapConnections connections;
    private final ImportProperties limits;
    private final SpoolSpace space;

    Imports(ImapConnections connections, ImportProperties limits, SpoolSpace space) {
        this.connections = connections;
        this.limits = limits;
        this.space = space;
    }

    /**
     * The destination of an import.
     *
     * @param longest the largest message that the mail server accepts there, in octets
     */
    record Target(MailboxName mailbox, long longest) {}

    /**
     * Checks the destination; throws MailboxNotFound or OverQuota before anything is read.
     *
     * @param announced the length of the mbox in octets; -1 if unknown
     * @param skip as in {@link #run}; the quota is not checked if messages are skipped or an
     *     earlier attempt stored some, since the length of the rest is unknown
     */
    Target require(Account account, MailboxName mailbox, long announced, int skip) {
        try (var connection = connections.borrow(account, Lane.BULK)) {
            connection.status(mailbox);
            long least = skip > 0 || earlier() != null ? 0 : announced - announced / MBOX_OVERHEAD;
            for (var quota : least > 0 ? connection.quota(mailbox) : List.<Quota>of()) {
                if (quota.resource() == Quota.Resource.STORAGE
                        && quota.limit() - quota.used() < least) {
                    throw new ImapException.OverQuota(null);
                }
            }
            return new Target(mailbox, connection.appendLimit(mailbox).orElse(Long.MAX_VALUE));
        }
    }

    /** The state of an earlier attempt with the same idempotency key; null if there is none. */
    private static @Nullable ImportTrace earlier() {
        var trail = MessageTrail.current();
        return trail == null ? null : trail.earlier(ImportTrace.class);
    }

    /** The state that this attempt leaves; null without an idempotency key. */
    private @Nullable ImportTrace trace(Account account, MailboxName mailbox) {
        var earlier = earlier();
        if (earlier == null) {
            return MessageTrail.current() == null ? null : new ImportTrace();
        }
        if (earlier.prepareAgain()) {
            earlier.awaitSettled();
            try (var open = connections.select(account, mailbox, Access.READ_ONLY, Lane.BULK)) {
                earlier.findOut(open);
            }
        }
        return earlier;
    }

    /**
     * Imports the mbox up to its end, the limit of messages per import, or the end of the disk
     * space.
     *
     * @param keywords added to each message
     * @param skip number of messages at the beginning to skip
     */
    ImportResult run(Account account, Target target, InputStream mbox, Set<Flag> keywords, int skip)
            throws IOException {
        long longest = limits.longestMessage().toBytes();
        var reader = new MboxReader(mbox, space, longest);
        var trace = trace(account, target.mailbox());
        var run = new Run(account, target, keywords, trace);
        int index = 0;
        try {
            for (var message = reader.next(); message != null; message = reader.next()) {
                if (index - skip >= limits.mostMessages()) {
                    message.close();
                    run.flush();
                    return run.result(index);
                }
                if (index < skip) {
                    message.close();
                } else {
                    run.add(index, message);
                }
                index++;
            }
            run.flush();
            return run.result(null);
        } catch (SpoolFull e) {
            if (index <= skip) {
                throw e;
            }
            run.flush(); // so that the messages read so far are in the result
            return run.result(index);
        } finally {
            run.close();
        }
    }

    /** Marks the request as finished unless outcomes are unknown. */
    private static void finished(ImportResult result) {
        var trail = MessageTrail.current();
        if (trail != null && result.unknown() == 0) {
            trail.finished();
        }
    }

    /** A message of the mbox that has not been sent yet. */
    private record Waiting(int index, MboxMessage message) {}

    private final class Run {

        private final Account account;
        private final MailboxName mailbox;
        private final long longest;
        private final Set<Flag> keywords;
        private final @Nullable ImportTrace trace;
        private final List<ImportedMessage> results = new ArrayList<>();
        private List<Waiting> batch = new ArrayList<>();
        private long octets;

        Run(Account account, Target target, Set<Flag> keywords, @Nullable ImportTrace trace) {
            this.account = account;
            this.trace = trace;
            this.mailbox = target.mailbox();
            this.longest = target.longest();
            this.keywords = keywords;
        }

        void add(int index, MboxMessage message) throws IOException {
            var before = trace == null ? null : trace.result(index);
            if (before != null) {
                message.close();
                requireSame(before, message);
                results.add(before);
                return;
            }
            if (message.octets().tooMany()) {
                var detail =
                        "an import takes messages of up to %d octets"
                                .formatted(limits.longestMessage().toBytes());
                refuse(index, message, Problem.of(ProblemCode.MESSAGE_TOO_BIG, detail));
                return;
            }
            if (message.octets().length() > longest) {
                refuse(index, message, Problem.of(new ImapException.MessageTooBig(null)));
                return;
            }
            batch.add(new Waiting(index, message));
            octets += message.octets().length();
            if (octets >= BATCH_OCTETS || batch.size() >= BATCH_MESSAGES) {
                flush();
            }
        }

        private void requireSame(ImportedMessage before, MboxMessage message) {
            if (before.size() != message.octets().length()) {
                throw new ProblemException(
                        ProblemCode.IDEMPOTENCY_KEY_REUSED,
                        "the `Idempotency-Key` came with another mbox before");
            }
        }

        private void refuse(int index, MboxMessage message, Problem problem) throws IOException {
            add(ImportedMessage.failed(index, message.octets().length(), problem));
            message.close();
        }

        void flush() throws IOException {
            var left = append(batch, true);
            if (!left.isEmpty()) {
                append(left, false);
            }
            close();
            batch = new ArrayList<>();
            octets = 0;
        }

        /**
         * Returns the messages that were certainly not stored because the connection was lost, to
         * be sent once more over another connection.
         */
        private List<Waiting> append(List<Waiting> messages, boolean again) throws IOException {
            var left = new ArrayList<Waiting>();
            var outcomes = outcomes(messages);
            for (int i = 0; i < messages.size(); i++) {
                var waiting = messages.get(i);
                if (again
                        && outcomes.get(i) instanceof AppendOutcome.NotStored(var why)
                        && why instanceof ImapException.ConnectionLost) {
                    left.add(waiting);
                } else {
                    add(
                            ImportedMessage.of(
                                    waiting.index(),
                                    waiting.message().octets().length(),
                                    outcomes.get(i)));
                }
            }
            return left;
        }

        private void add(ImportedMessage result) {
            results.add(result);
            if (trace != null) {
                trace.add(result);
            }
        }

        private List<AppendOutcome> outcomes(List<Waiting> messages) throws IOException {
            if (messages.isEmpty()) {
                return List.of();
            }
            var contents = new ArrayList<InputStream>();
            try {
                var appended = new ArrayList<MessageToAppend>();
                for (var waiting : messages) {
                    var content = waiting.message().octets().open();
                    contents.add(content);
                    appended.add(
                            new MessageToAppend(
                                    flags(waiting.message()),
                                    waiting.message().date(),
                                    content,
                                    waiting.message().octets().length()));
                }
                try (var connection = connections.borrow(account, Lane.BULK)) {
                    return trace == null
                            ? connection.append(mailbox, appended)
                            : traced(trace, connection, messages, appended);
                }
            } catch (ImapException e) {
                // nothing was sent: no connection is available
                return messages.stream()
                        .<AppendOutcome>map(_ -> new AppendOutcome.NotStored(e))
                        .toList();
            } finally {
                for (var content : contents) {
                    content.close();
                }
            }
        }

        /** Records how to find the messages again. */
        private List<AppendOutcome> traced(
                ImportTrace trace,
                ImapConnection connection,
                List<Waiting> messages,
                List<MessageToAppend> appended)
                throws IOException {
            var before = connection.status(mailbox);
            leave(trace);
            var outcomes = connection.append(mailbox, appended);
            var sent = new ArrayList<ImportTrace.Sent>();
            for (int i = 0; i < messages.size(); i++) {
                var outcome = outcomes.get(i);
                if (outcome instanceof AppendOutcome.NotStored) {
                    continue;
                }
                var octets = messages.get(i).message().octets();
                try (var content = octets.open()) {
                    sent.add(
                            new ImportTrace.Sent(
                                    messages.get(i).index(),
                                    octets.length(),
                                    MessageBeginning.hash(content),
                                    outcome));
                }
            }
            trace.add(before, sent);
            trace.end();
            return outcomes;
        }

        /** From now on the outcome may be unknown, however the import ends. */
        private void leave(ImportTrace trace) {
            var trail = MessageTrail.current();
            if (trail != null) {
                trail.leave(trace);
            }
        }

        private Set<Flag> flags(MboxMessage message) {
            var flags = new HashSet<>(message.flags());
            flags.addAll(keywords);
            return flags;
        }

        ImportResult result(@Nullable Integer next) {
            results.sort(Comparator.comparingInt(ImportedMessage::index));
            var result = ImportResult.of(results, next);
            finished(result);
            return result;
        }

        void close() throws IOException {
            for (var waiting : batch) {
                waiting.message().close();
            }
        }
    }
}
