package postern.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import postern.message.EmailAddress;
import postern.message.OriginalMessage;

/** What a reply and a forwarded message say, and to whom. */
class ReplyTest {

    private static final Set<String> OWN = Set.of("me@example.org", "i@example.org");
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
            })
    void prefixesDoNotPileUp(String subject, String reply, String forward) {
        assertThat(SubjectPrefix.REPLY.before(subject)).isEqualTo(reply);
        assertThat(SubjectPrefix.FORWARD.before(subject)).isEqualTo(forward);
        assertThat(SubjectPrefix.REPLY.before(null)).isEqualTo("Re:");
    }

    @Test
    void aReplyGoesToTheAuthorAlone() {
        var recipients = ReplyRecipients.of(original(ADA, List.of(), ME, BOB), OWN, false);

        assertThat(recipients.to()).containsExactly(ADA);
        assertThat(recipients.cc()).isEmpty();
    }

    @Test
    void aReplyGoesWhereTheAuthorWantsIt() {
        var recipients = ReplyRecipients.of(original(ADA, List.of(LIST), ME, BOB), OWN, true);

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
                        true);

        assertThat(recipients.to()).containsExactly(ADA);
        assertThat(recipients.cc()).containsExactly(BOB, EVE);
    }

    @Test
    void whoAnswersHimselfGoesOnTalkingToTheOthers() {
        var recipients = ReplyRecipients.of(original(ME, List.of(), BOB), OWN, true);

        assertThat(recipients.to()).containsExactly(BOB);
        assertThat(recipients.cc()).containsExactly(EVE);
        assertThat(ReplyRecipients.of(original(ME, List.of(), ME), OWN, false).to())
                .containsExactly(ME);
    }

    @Test
    void quotesTextLineByLine() {
        var quotation = Quotation.reply(original(null), "Yes.", null, null);

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
        var quotation = Quotation.reply(original("<b>Hello</b>"), "1 < 2", null, "Ada <schrieb>:");

        assertThat(quotation.html())
                .contains("1 &lt; 2", "<p>Ada &lt;schrieb&gt;:</p><blockquote")
                .endsWith("<b>Hello</b></blockquote>");
        assertThat(quotation.text()).startsWith("1 < 2\n\nAda <schrieb>:\n> Hello");
    }

    @Test
    void forwardsBelowTheHeader() {
        var quotation = Quotation.forward(original(null), null, "<p>See</p>");

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
                List.of());
    }
}
