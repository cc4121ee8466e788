package postern.search;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import postern.imap.ExamineRequest;
import postern.imap.ExaminedMailbox;
import postern.imap.ImapException;
import postern.imap.MailboxOutcome;
import postern.message.metadata.MessageMetadata;
import postern.message.metadata.PreviewLoader;
import postern.message.part.PartHeaders;

/**
 * Makes the previews that the mail server does not provide, for messages of several mailboxes. They
 * are optional: if a mailbox is gone, its messages are shown without a preview.
 */
final class PagePreviews {

    /** For the first octets of the text, then for longer beginnings and alternative parts. */
    private static final int ROUNDS = 4;

    private final SearchContext search;
    private final SearchedMailboxes mailboxes;
    private final Map<MailboxResults, PreviewLoader> loaders = new LinkedHashMap<>();

    PagePreviews(SearchContext search, SearchedMailboxes mailboxes) {
        this.search = search;
        this.mailboxes = mailboxes;
    }

    /** Registers these messages of one mailbox, by their UIDs. */
    void want(MailboxResults source, Map<Long, MessageMetadata> metadata) {
        var loader = new PreviewLoader(search.cache(), source.epoch());
        metadata.forEach(loader::want);
        loaders.put(source, loader);
    }

    /** The metadata with previews, by UID. */
    Map<Long, MessageMetadata> made(MailboxResults source) {
        var loader = loaders.get(source);
        return loader == null ? Map.of() : loader.made();
    }

    void load() {
        for (int round = 0; round < ROUNDS; round++) {
            var asked = new LinkedHashMap<MailboxResults, ExamineRequest>();
            loaders.forEach((source, loader) -> {
                var requests = loader.requests();
                if (!requests.isEmpty()) {
                    var complete =
                            requests.stream()
                                    .map(it -> PartHeaders.asked(it, search.capabilities()))
                                    .toList();
                    asked.put(source, ExamineRequest.extra(source.mailbox(), complete));
                }
            });
            if (asked.isEmpty() || !ask(asked)) {
                return;
            }
        }
    }

    /** Returns false when no mailbox can be asked. */
    private boolean ask(Map<MailboxResults, ExamineRequest> asked) {
        List<MailboxOutcome<ExaminedMailbox>> outcomes;
        try {
            outcomes = mailboxes.examine(new ArrayList<>(asked.values()));
        } catch (ImapException _) {
            return false;
        }
        var next = outcomes.iterator();
        asked.keySet().forEach(source -> onAnswer(source, next.next()));
        return true;
    }

    private void onAnswer(MailboxResults source, MailboxOutcome<ExaminedMailbox> outcome) {
        var loader = requireNonNull(loaders.get(source));
        switch (outcome) {
            case MailboxOutcome.Done<ExaminedMailbox>(_, var examined) -> {
                if (SearchedMailboxes.sameEpoch(source, examined)) {
                    examined.fetched()
                            .forEach(answer ->
                                    loader.onFetched(mailboxes.withPartHeaders(source, answer)));
                }
            }
            case MailboxOutcome.Refused<ExaminedMailbox>(_, var reason) -> {
                if (PreviewLoader.refuses(reason)) {
                    loadInParts(source, loader);
                }
            }
        }
    }

    /** Retries in smaller requests, because the server may refuse only some of the messages. */
    private void loadInParts(MailboxResults source, PreviewLoader loader) {
        loader.askAgain();
        try (var mailbox = search.select(source.epoch())) {
            loader.fetch(mailbox);
        } catch (ImapException _) {
            // Its messages are shown without a preview.
        }
    }
}
