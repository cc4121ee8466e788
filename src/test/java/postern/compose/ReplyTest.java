package postern.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static postern.compose.ReplyAudience.ALL;
import static postern.compose.ReplyAudience.AUTHOR;
import static postern.compose.ReplyAudience.REPLY_TO;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.message.OriginalMessage;
import postern.message.ReplyFields;
import postern.message.metadata.EmailAddress;
import postern.web.problem.InvalidRequest;

/** Content and recipients of replies and forwards. */
class ReplyTest {

    private static final OwnAddresses OWN =
            OwnAddresses.of(List.of("me@example.org", "i@example.org"));
    private static final EmailAddress ME = address("me@example.org");
    private static final EmailAddress ADA = address("ada@example.org");
    private static final EmailAddress BOB = address("bob@example.org");
    private static final EmailAddress EVE = address("eve@example.org");
    private static final EmailAddress LIST = address("list@example.org");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lunch|Re: lunch|Fwd: lunch",
                "Re: lunch|Re: lunch|Fwd: Re: lunch",
                "RE: AW: Re[2]: lunch|Re: lunch|Fwd: RE: AW: Re[2]: lunch",
                "SV: lunch|Re: lunch|Fwd: SV: lunch",
                "WG: lunch|Re: WG: lunch|Fwd: lunch",
                "Fwd: FW: lunch|Re: Fwd: FW: lunch|Fwd: lunch",
                "回复：lunch|Re: lunch|Fwd: 回复：lunch",
                "Regarding: lunch|Re: Regarding: lunch|Fwd: Regarding: lunch",
                "Reply all|Re: Reply all|Fwd: Reply all",
                "Re : lunch|Re: lunch|Fwd: Re : lunch",
                "RE(2): Antwort: lunch|Re: lunch|Fwd: RE(2): Antwort: lunch",
                "Re\uff1a 答复: lunch|Re: lunch|Fwd: Re\uff1a 答复: lunch",
                "Odp: YNT: RIF: lunch|Re: lunch|Fwd: Odp: YNT: RIF: lunch",
                "Tr : RV: 转发：lunch|Re: Tr : RV: 转发：lunch|Fwd: lunch",
            })
    void prefixesDoNotPileUp(String subject, String reply, String forward) {
        assertThat(SubjectPrefix.REPLY.before(subject)).isEqualTo(reply);
        assertThat(SubjectPrefix.FORWARD.before(subject)).isEqualTo(forward);
        assertThat(SubjectPrefix.REPLY.before(null)).isEqualTo("Re:");
    }

    @Test
    void aReplyGoesToTheAuthorAlone() {
        var recipients = ReplyRecipients.of(original(ADA, List.of(), ME, BOB), OWN, REPLY_TO);

        assertThat(recipients.to()).containsExactly(ADA);
        assertThat(recipients.cc()).isEmpty();
    }

    @Test
    void aReplyGoesWhereTheAuthorWantsIt() {
        var recipients = ReplyRecipients.of(original(ADA, List.of(LIST), ME, BOB), OWN, ALL);

        assertThat(recipients.to()).containsExactly(LIST);
        assertThat(recipients.cc()).containsExactly(BOB, EVE);
    }

    @Test
    void aReplyToAllReachesEverybodyOnceButNotOneself() {
        var recipients =
                ReplyRecipients.of(
                        original(
                                ADA,
                                List.of(),
                                address("ME@example.org"),
                                BOB,
                                address("I@example.org"),
                                address("Ada@Example.org"),
                                BOB,
                                address("nonsense")),
                        OWN,
                        ALL);

        assertThat(recipients.to()).containsExactly(ADA);
        assertThat(recipients.cc()).containsExactly(BOB, EVE);
    }

    @Test
    void whoAnswersHimselfGoesOnTalkingToTheOthers() {
        var recipients = ReplyRecipients.of(original(ME, List.of(), BOB), OWN, ALL);

        assertThat(recipients.to()).containsExactly(BOB);
        assertThat(recipients.cc()).containsExactly(EVE);
        assertThat(ReplyRecipients.of(original(ME, List.of(), ME), OWN, REPLY_TO).to())
                .containsExactly(ME);
    }

    @Test
    void aReplyToThatNobodyCanWriteToLeadsToTheAuthor() {
        for (var useless :
                List.of(
                        address(""),
                        new EmailAddress("Jane Doe", ""),
                        address("root"),
                        address("me@example.org"),
                        address("Me+shop@Example.org"))) {
            var original = original(ADA, List.of(useless), ME);

            assertThat(ReplyRecipients.of(original, OWN, REPLY_TO).to()).containsExactly(ADA);
            assertThat(ReplyRecipients.of(original, OWN, ALL).to()).containsExactly(ADA);
        }
    }

    @Test
    void plusAddressesOfOnesOwnAreOnesOwn() {
        var tagged = address("me+shop@example.org");

        assertThat(ReplyRecipients.of(original(ADA, List.of(), tagged, BOB), OWN, ALL).cc())
                .containsExactly(BOB, EVE);
        assertThat(ReplyRecipients.of(original(tagged, List.of(), BOB), OWN, REPLY_TO).to())
                .containsExactly(BOB);
        assertThat(OWN.contain(address("me2@example.org"))).isFalse();
        assertThat(OWN.contain(address("+me@example.org"))).isFalse();
    }

    @Test
    void oneAddressInTwoSpellingsIsOne() {
        var original =
                original(
                        ADA,
                        List.of(),
                        address("info@b\u00fccher.example"),
                        address("INFO@xn--bcher-kva.example"));

        assertThat(ReplyRecipients.of(original, OWN, ALL).cc())
                .containsExactly(address("info@b\u00fccher.example"), EVE);
    }

    @Test
    void theCallerChoosesWhoGetsIt() {
        var fields = new ReplyFields(List.of(), List.of(), List.of(LIST), List.of());
        var original = asking(fields, original(ADA, List.of(LIST), ME, BOB));

        assertThat(ReplyRecipients.of(original, OWN, AUTHOR).to()).containsExactly(ADA);
        assertThat(ReplyRecipients.of(original, OWN, REPLY_TO).to()).containsExactly(LIST);
        assertThat(ReplyRecipients.of(original, OWN, ReplyAudience.LIST))
                .isEqualTo(new ReplyRecipients(List.of(LIST), List.of()));
        assertThat(ReplyRecipients.of(original, OWN, ALL).cc()).containsExactly(BOB, EVE);
        assertThatThrownBy(() ->
                        ReplyRecipients.of(original(ADA, List.of(), BOB), OWN, ReplyAudience.LIST))
                .isInstanceOf(InvalidRequest.class);
    }

    @Test
    void goesWhereTheHeaderAsksForAnswers() {
        var fields = new ReplyFields(List.of(BOB), List.of(LIST, ME), List.of(), List.of());
        var original = asking(fields, original(ADA, List.of(LIST), ME));

        assertThat(ReplyRecipients.of(original, OWN, AUTHOR).to()).containsExactly(BOB);
        assertThat(ReplyRecipients.of(original, OWN, REPLY_TO).to()).containsExactly(BOB);
        assertThat(ReplyRecipients.of(original, OWN, ALL))
                .isEqualTo(new ReplyRecipients(List.of(LIST), List.of()));
    }

    @Test
    void allIsShortForAllRecipients() {
        assertThat(request(null, null).audience()).isEqualTo(REPLY_TO);
        assertThat(request(false, null).audience()).isEqualTo(REPLY_TO);
        assertThat(request(true, null).audience()).isEqualTo(ALL);
        assertThat(request(true, ALL).audience()).isEqualTo(ALL);
        assertThat(request(false, AUTHOR).audience()).isEqualTo(AUTHOR);
        assertThatThrownBy(() -> request(true, AUTHOR).audience())
                .isInstanceOf(InvalidRequest.class);
    }

    private static ReplyRequest request(@Nullable Boolean all, @Nullable ReplyAudience audience) {
        return new ReplyRequest(all, audience, null, null, null, null, null, null);
    }

    private static OriginalMessage asking(ReplyFields fields, OriginalMessage of) {
        return new OriginalMessage(
                of.sentAt(),
                of.subject(),
                of.from(),
                of.replyTo(),
                of.to(),
                of.cc(),
                of.internetMessageId(),
                of.inReplyTo(),
                of.references(),
                of.text(),
                of.html(),
                of.whole(),
                of.files(),
                fields);
    }

    @Test
    void quotesTextLineByLine() {
        var quotation = QuotedOriginal.reply(original(null), "Yes.", null, null);

        assertThat(quotation.text())
                .isEqualTo(
                        """
                        Yes.

                        On Sun, 1 Mar 2026, 09:34 UTC, ada@example.org wrote:
                        > Hello
                        >
                        >> older
                        """);
        assertThat(quotation.html()).isNull();
    }

    @Test
    void quotesHtmlAsABlockAndGivesATextBesideIt() {
        var quotation =
                QuotedOriginal.reply(original("<b>Hello</b>"), "1 < 2", null, "Ada <schrieb>:");

        assertThat(quotation.html())
                .contains("1 &lt; 2", "<p>Ada &lt;schrieb&gt;:</p><blockquote")
                .endsWith("<b>Hello</b></blockquote>");
        assertThat(quotation.text()).startsWith("1 < 2\n\nAda <schrieb>:\n> Hello");
    }

    @Test
    void forwardsBelowTheHeader() {
        var quotation = QuotedOriginal.forward(original(null), null, "<p>See</p>");

        assertThat(quotation.text())
                .startsWith(
                        "See\n\n---------- Forwarded message ----------\nFrom: ada@example.org\n")
                .contains("\nSubject: lunch\nTo: bob@example.org\nCc: eve@example.org\n\nHello\n");
        assertThat(quotation.html()).startsWith("<p>See</p>").contains("<br>Subject: lunch<br>");
    }

    private static EmailAddress address(String email) {
        return new EmailAddress(null, email);
    }

    private static OriginalMessage original(@Nullable String html) {
        return original(ADA, List.of(), html, BOB);
    }

    private static OriginalMessage original(
            EmailAddress from, List<EmailAddress> replyTo, EmailAddress... to) {
        return original(from, replyTo, null, to);
    }

    private static OriginalMessage original(
            EmailAddress from,
            List<EmailAddress> replyTo,
            @Nullable String html,
            EmailAddress... to) {
        return new OriginalMessage(
                Instant.parse("2026-03-01T09:34:56Z"),
                "lunch",
                List.of(from),
                replyTo,
                List.of(to),
                List.of(EVE),
                "1@x",
                List.of(),
                List.of(),
                "Hello\n\n> older\n\n",
                html,
                true,
                List.of(),
                ReplyFields.NONE);
    }
}
