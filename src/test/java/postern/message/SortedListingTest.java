package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import postern.account.AccountKey;
import postern.account.ImapServer;
import postern.account.Security;
import postern.imap.message.FetchedMessage;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageProperties;
import postern.message.metadata.MessageSort;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;
import postern.testserver.SomeAccount;

/** Messages that other clients expunge while a page is sorted. */
class SortedListingTest {

    private final InMemoryMailbox mailbox = new InMemoryMailbox().append(9).selected();
    private final MetadataCache cache =
            new MetadataCache(new MessageProperties(DataSize.ofKilobytes(200)));
    private final MailboxEpoch epoch =
            new MailboxEpoch(
                    new AccountKey(new ImapServer("localhost", 143, Security.NONE), "ada"),
                    SomeAccount.TAG,
                    mailbox.name(),
                    7,
                    null);
    private final MessageQuery query =
            new MessageQuery(
                    3,
                    Set.of(MessageField.SUBJECT),
                    new MessageFilter(
                            null, null, null, null, null, null, null, null, null, null, null),
                    MessageSort.SUBJECT,
                    false);

    @Test
    void aPageThatWentMeanwhileIsNotTheEnd() {
        mailbox.meanwhile(() -> {}); // search
        mailbox.meanwhile(() -> {}); // sort values
        mailbox.meanwhile(() -> mailbox.expungeFrom(1, 3)); // the page's flags

        var slice = page();

        assertThat(slice.messages()).extracting(FetchedMessage::uid).containsExactly(4L, 5L, 6L);
        assertThat(slice.more()).isTrue();
    }

    @Test
    void aMailboxThatWentMeanwhileIsTheEnd() {
        mailbox.meanwhile(() -> {});
        mailbox.meanwhile(() -> {});
        mailbox.meanwhile(() -> mailbox.expungeFrom(1, 9));

        assertThat(page()).isEqualTo(ListPage.EMPTY);
    }

    private ListPage page() {
        var facts = new MetadataLoader(mailbox, cache, epoch, query.items());
        return new SortedListing(mailbox, cache, epoch, query, MessageSort.SUBJECT)
                .after(null, facts);
    }
}
