package postern.export;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchedMessage;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.UidSet;

/**
 * The messages of a page from the first to the last, as many at once as may be held. While some are
 * written the next are fetched, so that neither side waits for the other.
 */
final class ExportBatches implements AutoCloseable {

    /** Fetches messages of the mailbox, over a connection that is free again when it returns. */
    interface Mailbox {
        List<FetchedMessage> fetch(UidSet uids, FetchItems items);
    }

    /**
     * A message to be written.
     *
     * @param octets null when they are too many to be held, so that they must be streamed
     */
    record Item(FetchedMessage facts, byte @Nullable [] octets) {

        boolean streamed() {
            return octets == null;
        }
    }

    /** What is larger is streamed. */
    private static final int HELD_AT_MOST = 256 * 1024;

    // Held twice: while it is written, and while the next one comes. At 20 ms it is fetched as fast
    // as 80 MB/s would bring it.
    private static final int BATCH_OCTETS = 2 << 20;
    private static final int BATCH_MESSAGES = 1_000;

    /** How many messages are looked at before their octets are fetched. */
    private static final int LOOK_AHEAD = 1_000;

    private static final FetchItems FACTS =
            FetchItems.of(FetchItem.SIZE, FetchItem.FLAGS, FetchItem.INTERNAL_DATE);

    // One octet more, so that a message that is larger than the server said shows itself.
    private static final SectionRange WHOLE = SectionRange.first(Section.MESSAGE, HELD_AT_MOST + 1);

    private final Mailbox mailbox;
    private final PrimitiveIterator.OfLong uids;
    private final Queue<FetchedMessage> looked = new ArrayDeque<>();
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Future<List<Item>> coming;

    ExportBatches(Mailbox mailbox, UidSet uids) {
        this.mailbox = mailbox;
        this.uids = uids.iterator();
    }

    /** In ascending UIDs, without those that went meanwhile; empty behind the last. */
    List<Item> next() throws IOException {
        var here = coming == null ? reader.submit(this::read) : coming;
        var batch = await(here);
        // One at a time, since each goes on where the one before has ended. None while a message is
        // streamed: that takes a connection, and there may be no other.
        coming = batch.stream().anyMatch(Item::streamed) ? null : reader.submit(this::read);
        return batch;
    }

    /** Whether more is being fetched, or has been. */
    boolean busy() {
        return coming != null;
    }

    private static List<Item> await(Future<List<Item>> batch) throws IOException {
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the mail server");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Breaks off what is still being fetched. */
    @Override
    public void close() {
        reader.shutdownNow();
        reader.close();
    }

    private List<Item> read() {
        List<Item> batch = List.of();
        while (batch.isEmpty() && (!looked.isEmpty() || lookAhead())) {
            batch = fetched(nextFacts());
        }
        return batch;
    }

    /** False when there is nothing more. */
    private boolean lookAhead() {
        while (looked.isEmpty() && uids.hasNext()) {
            var some = new ArrayList<Long>(LOOK_AHEAD);
            while (some.size() < LOOK_AHEAD && uids.hasNext()) {
                some.add(uids.nextLong());
            }
            looked.addAll(mailbox.fetch(UidSet.of(some), FACTS));
        }
        return !looked.isEmpty();
    }

    private List<FetchedMessage> nextFacts() {
        var facts = new ArrayList<FetchedMessage>();
        long octets = 0;
        for (var next = looked.peek(); next != null; next = looked.peek()) {
            octets += held(next) ? size(next) : 0;
            if (!facts.isEmpty() && octets > BATCH_OCTETS || facts.size() == BATCH_MESSAGES) {
                break;
            }
            facts.add(looked.remove());
        }
        return facts;
    }

    private List<Item> fetched(List<FetchedMessage> batch) {
        var small = batch.stream().filter(ExportBatches::held).map(FetchedMessage::uid).toList();
        var octets = new HashMap<Long, byte @Nullable []>();
        if (!small.isEmpty()) {
            for (var message : mailbox.fetch(UidSet.of(small), FetchItems.of().with(WHOLE))) {
                octets.put(message.uid(), message.sections().get(WHOLE));
            }
        }
        var items = new ArrayList<Item>(batch.size());
        for (var facts : batch) {
            if (!held(facts)) {
                items.add(new Item(facts, null));
            } else if (octets.containsKey(facts.uid())) {
                var here = octets.get(facts.uid());
                boolean whole = here != null && here.length <= HELD_AT_MOST;
                items.add(new Item(facts, whole ? here : null));
            }
        }
        return items;
    }

    private static boolean held(FetchedMessage message) {
        return size(message) <= HELD_AT_MOST;
    }

    private static long size(FetchedMessage message) {
        return Objects.requireNonNullElse(message.size(), Long.MAX_VALUE);
    }
}
