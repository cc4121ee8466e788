package postern.message;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.message.FetchedMessage;
import postern.message.metadata.DayOrInstant;
import postern.message.metadata.ListPosition;
import postern.message.metadata.MailboxEpoch;
import postern.message.metadata.MessageField;
import postern.message.metadata.MessageProperties;
import postern.message.metadata.MetadataCache;
import postern.message.metadata.MetadataLoader;

class MessageListingTest {

    private static final Account ACCOUNT =
            new Account(
                    new ImapServer("mail.example.org", 143, Security.NONE),
                    "ada",
                    new Password("secret"));

    private final InMemoryMailbox mailbox = new InMemoryMailbox();
    private final MetadataCache cache = cache("1MB");

    private static MetadataCache cache(String size) {
        return new MetadataCache(new MessageProperties(DataSize.parse(size)));
    }

    @Test
    void listsTheNewestFirstInOneRoundTrip() {
        mailbox.append(1_000).selected();

        var page = first(50);

        assertThat(uids(page)).containsExactlyElementsOf(down(1_000, 951));
        assertThat(page.more()).isTrue();
        assertThat(mailbox.trips()).containsExactly("(all)951:*");
    }

    @Test
    void pagesDownToTheOldestMessageAndEndsThere() {
        mailbox.append(120).selected();

        assertThat(allUids(50)).containsExactlyElementsOf(down(120, 1));
        assertThat(mailbox.trips()).hasSize(3);
    }

    @Test
    void isOnTheLastPageWhenItEndsWithTheOldestMessage() {
        mailbox.append(50).selected();

        assertThat(first(50).more()).isFalse();
    }

    @Test
    void findsNothingInAnEmptyMailbox() {
        mailbox.selected();

        assertThat(first(50)).isEqualTo(ListPage.EMPTY);
    }

    @Test
    void hearsOfTheFirstMessageOfAnEmptyMailbox() {
        mailbox.selected();
        mailbox.meanwhile(() -> mailbox.append(1));

        assertThat(uids(first(50))).containsExactly(1L);
    }

    @Test
    void newMailDoesNotShiftAPage() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.append(30);

        assertThat(uids(next(page, 50))).containsExactlyElementsOf(down(150, 101));
    }

    @Test
    void newMailThatComesWithTheAnswerBelongsToTheFirstPage() {
        mailbox.append(200).selected();
        mailbox.meanwhile(() -> mailbox.append(3));

        var page = first(50);

        assertThat(uids(page)).containsExactlyElementsOf(down(203, 154));
        assertThat(page.more()).isTrue();
    }

    @Test
    void losesNothingWhenOlderMessagesAreExpungedBetweenPages() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.expungeFrom(10, 40);

        assertThat(uids(next(page, 50))).containsExactlyElementsOf(down(150, 101));
    }

    @Test
    void losesNothingWhenNewerMessagesAreExpungedBetweenPages() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.expungeFrom(160, 200);

        assertThat(uids(next(page, 50))).containsExactlyElementsOf(down(150, 101));
    }

    @Test
    void goesOnBelowAnAnchorThatIsGone() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.expungeFrom(140, 160);

        assertThat(uids(next(page, 50))).containsExactlyElementsOf(down(139, 90));
    }

    @Test
    void goesOnWhenAllThatWasListedIsGone() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.expungeFrom(151, 200);

        assertThat(uids(next(page, 50))).containsExactlyElementsOf(down(150, 101));
    }

    @Test
    void endsWhenTheMailboxWasEmptiedBetweenPages() {
        mailbox.append(200).selected();
        var page = first(50);

        mailbox.expungeFrom(1, 200);

        assertThat(next(page, 50)).isEqualTo(ListPage.EMPTY);
    }

    @Test
    void endsWhenTheMailboxIsEmptiedWhileItIsAsked() {
        mailbox.append(200).selected();
        mailbox.meanwhile(() -> mailbox.expungeFrom(1, 200));

        assertThat(uids(first(50))).isEmpty();
    }

    @Test
    void fillsThePageWhenTheMailboxShrinksWhileItIsAsked() {
        mailbox.append(200).selected();
        mailbox.meanwhile(() -> mailbox.expungeFrom(170, 190));

        assertThat(uids(first(50)))
                .containsExactlyElementsOf(
                        LongStream.concat(range(200, 191), range(169, 130)).boxed().toList());
    }

    @Test
    void losesNothingWhenTheMailboxShrinksAgainAndAgainWhileItIsAsked() {
        mailbox.append(200).selected();
        mailbox.meanwhile(() -> mailbox.expungeFrom(120, 200));
        mailbox.meanwhile(() -> mailbox.expungeFrom(100, 119));

        assertThat(uids(first(50))).containsExactlyElementsOf(down(99, 50));
    }

    @Test
    void findsTheNextPageByASearchWhenItsPlaceIsFarOff() {
        mailbox.append(5_000).selected();
        var page = first(10);

        mailbox.expungeFrom(100, 4_900);

        assertThat(uids(next(page, 10))).containsExactlyElementsOf(down(4_990, 4_981));
        assertThat(uids(below(new ListPosition(7, 60, 90), 10)))
                .containsExactlyElementsOf(down(59, 50));
    }

    @Test
    void listsAgainWithTheFlagsAlone() {
        mailbox.append(1_000).selected();
        first(100);
        mailbox.selected();

        var page = first(100);

        assertThat(uids(page)).containsExactlyElementsOf(down(1_000, 901));
        assertThat(mailbox.trips()).containsExactly("(flags)901:* (all)uid 1001:1100");
    }

    @Test
    void listsNewMailAndKnownMailInOneRoundTrip() {
        mailbox.append(100).selected();
        first(50);
        mailbox.append(2).selected();

        var page = first(50);

        assertThat(uids(page)).containsExactlyElementsOf(down(102, 53));
        assertThat(subjects(page)).startsWith("message 102", "message 101", "message 100");
        assertThat(mailbox.trips()).hasSize(1);
    }

    @Test
    void fetchesWhatIsNotKnownOfAPageThatIsMostlyKnown() {
        mailbox.append(100).selected();
        first(40);
        mailbox.selected();

        var page = first(50);

        assertThat(subjects(page)).endsWith("message 52", "message 51");
        assertThat(mailbox.trips())
                .containsExactly("(flags)51:* (all)uid 101:150", "(all)uid 51:60");
    }

    @Test
    void doesNotTakeFactsForKnownThatWereNeverAskedFor() {
        mailbox.append(10).selected();
        list(ListPosition.TOP, query(10, Set.of(MessageField.SIZE), none()));

        assertThat(subjects(first(10))).startsWith("message 10", "message 9");
    }

    @Test
    void fetchesNothingButFlagsWhenAllElseIsKnown() {
        mailbox.append(10).selected();

        list(ListPosition.TOP, query(10, Set.of(MessageField.KEYWORDS), none()));
        var page = list(ListPosition.TOP, query(10, Set.of(MessageField.KEYWORDS), none()));

        assertThat(page.messages()).hasSize(10);
        assertThat(mailbox.trips()).first().isEqualTo("(all)1:*");
        assertThat(mailbox.trips()).last().asString().startsWith("(flags)1:*");
    }

    @Test
    void worksWithoutACache() {
        var nothing = cache("0B");
        mailbox.append(100).selected();

        assertThat(subjects(list(ListPosition.TOP, query(10, MessageField.ALL, none()), nothing)))
                .startsWith("message 100");
        assertThat(subjects(list(ListPosition.TOP, query(10, MessageField.ALL, none()), nothing)))
                .startsWith("message 100");
    }

    @Test
    void pagesThroughWhatASearchFinds() {
        mailbox.append(100).selected();
        var larger = filter(null, null, 60L);

        var page = list(ListPosition.TOP, query(15, MessageField.ALL, larger));
        var rest = list(anchor(page), query(100, MessageField.ALL, larger));

        assertThat(uids(page)).containsExactlyElementsOf(down(100, 86));
        assertThat(page.more()).isTrue();
        assertThat(uids(rest)).containsExactlyElementsOf(down(85, 61));
        assertThat(rest.more()).isFalse();
    }

    @Test
    void aTimeIsExactThoughSearchKnowsDaysOnly() {
        mailbox.append(100).selected();
        var since = DayOrInstant.parse("2026-01-02T05:30:00+02:00").orElseThrow();
        var before = DayOrInstant.parse("2026-01-02T10:00:00Z").orElseThrow();

        var page = list(ListPosition.TOP, query(50, MessageField.ALL, filter(since, before, null)));

        assertThat(page.messages())
                .extracting(m -> InMemoryMailbox.arrival(m.uid()))
                .containsExactly(
                        Instant.parse("2026-01-02T09:00:00Z"),
                        Instant.parse("2026-01-02T08:00:00Z"),
                        Instant.parse("2026-01-02T07:00:00Z"),
                        Instant.parse("2026-01-02T06:00:00Z"),
                        Instant.parse("2026-01-02T05:00:00Z"),
                        Instant.parse("2026-01-02T04:00:00Z"));
        assertThat(page.more()).isFalse();
    }

    @Test
    void knowsWhetherMoreMessagesAreInAnExactTime() {
        mailbox.append(100).selected();
        var since = DayOrInstant.parse("2026-01-02T00:00:00Z").orElseThrow();

        var page = list(ListPosition.TOP, query(75, MessageField.ALL, filter(since, null, null)));
        var rest = list(anchor(page), query(75, MessageField.ALL, filter(since, null, null)));

        assertThat(page.more()).isTrue();
        assertThat(uids(rest)).containsExactly(25L);
        assertThat(rest.more()).isFalse();
    }

    private ListPage first(int limit) {
        return below(ListPosition.TOP, limit);
    }

    private ListPage next(ListPage page, int limit) {
        return below(anchor(page), limit);
    }

    private static ListPosition anchor(ListPage page) {
        return ListPosition.of(ListPosition.at(page.messages().getLast(), 7).toCursor());
    }

    private List<Long> allUids(int limit) {
        var all = new ArrayList<Long>();
        var page = first(limit);
        all.addAll(uids(page));
        while (page.more()) {
            page = next(page, limit);
            all.addAll(uids(page));
        }
        return all;
    }

    private ListPage below(ListPosition anchor, int limit) {
        return list(anchor, query(limit, MessageField.ALL, none()));
    }

    private ListPage list(ListPosition anchor, MessageQuery query) {
        return list(anchor, query, cache);
    }

    private ListPage list(ListPosition anchor, MessageQuery query, MetadataCache cache) {
        return new MessageListing(mailbox, query, facts(query, cache)).below(anchor);
    }

    private MetadataLoader facts(MessageQuery query, MetadataCache cache) {
        var epoch = MailboxEpoch.of(ACCOUNT, mailbox);
        return last = new MetadataLoader(mailbox, cache, epoch, query.items());
    }

    private @Nullable MetadataLoader last;

    private List<@Nullable String> subjects(ListPage page) {
        var facts = requireNonNull(last);
        return page.messages().stream()
                .<@Nullable String>map(m -> requireNonNull(facts.of(m.uid())).header().subject())
                .toList();
    }

    private static MessageQuery query(int limit, Set<MessageField> fields, MessageFilter filter) {
        return new MessageQuery(limit, fields, filter, null, false);
    }

    private static MessageFilter none() {
        return filter(null, null, null);
    }

    private static MessageFilter filter(
            @Nullable DayOrInstant since, @Nullable DayOrInstant before, @Nullable Long larger) {
        return new MessageFilter(
                null, null, null, null, null, null, since, before, null, larger, null);
    }

    private static List<Long> uids(ListPage page) {
        return page.messages().stream().map(FetchedMessage::uid).toList();
    }

    private static List<Long> down(long from, long to) {
        return range(from, to).boxed().toList();
    }

    private static LongStream range(long from, long to) {
        return LongStream.rangeClosed(0, from - to).map(i -> from - i);
    }
}
