package postern.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import postern.account.Account;
import postern.account.AccountTag;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.account.SessionTokens;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.message.UidSet;
import postern.web.OnGreenMail;
import postern.web.id.MessageId;
import tools.jackson.databind.json.JsonMapper;

/** The commands that a search sends for a large mailbox on a server without SORT. */
@OnGreenMail
class LargeMailboxTest {

    private static final int MESSAGES = 100_000;
    private static final int AT_ONCE = 500;

    @Autowired private MockMvcTester http;
    @Autowired private SessionTokens sessions;

    @Test
    void looksAtEachMessageOnceAndAtAFewAtATime() throws Exception {
        try (var server = EndlessMailbox.start(MESSAGES)) {
            var account =
                    new Account(
                            new ImapServer(server.host(), server.port(), Security.NONE),
                            "ada",
                            new Password("x"));

            var answer =
                    http.post()
                            .uri("/v1/search")
                            .header(
                                    "Authorization",
                                    "Bearer " + sessions.seal(sessions.start(account)))
                            .contentType("application/json")
                            .content(
                                    """
                                    {"mailboxIds": ["inbox"], "sort": "-size", "limit": 20,
                                     "fields": ["id", "size"]}
                                    """)
                            .exchange();

            assertThat(answer).hasStatusOk();
            var page = JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
            assertThat(StreamSupport.stream(page.get("items").spliterator(), false))
                    .extracting(item -> item.get("id").asString())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, MESSAGES)
                                    .boxed()
                                    .sorted(Comparator.comparing(EndlessMailbox::size).reversed())
                                    .limit(20)
                                    .map(uid -> id(account, uid))
                                    .toList());
            assertThat(page.get("total").asInt()).isEqualTo(MESSAGES);
            assertThat(server.fetched()).allMatch(uids -> uids.size() <= AT_ONCE);
            assertThat(server.fetched().stream().mapToLong(UidSet::size).sum())
                    .isBetween((long) MESSAGES, MESSAGES + 100L);
        }
    }

    private static String id(Account account, long uid) {
        return MessageId.of(new MessageRef(MailboxName.INBOX, 1, uid, AccountTag.of(account)))
                .toString();
    }
}
