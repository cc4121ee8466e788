package postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.message.metadata.MessageField;
import postern.testserver.Quirk;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Server previews that are not the beginning of the text. */
@OnGreenMail
@Timeout(120)
class PreviewQuirksTest {

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Quirk(
            server = "Dovecot",
            does = "tells an empty PREVIEW of a text that it does not find or cannot decode",
            answer = "a preview of the gateway's own")
    @Test
    void makesAPreviewWhereTheServerTellsAnEmptyOne() {
        assertThat(previewOf("plain", "utf-8", "")).isEqualTo("the text");
    }

    @Quirk(
            server = "Dovecot",
            does =
                    "tells a PREVIEW with replacement characters, or with controls, where the"
                            + " charset is not what the label says",
            answer = "a preview of the gateway's own")
    @ParameterizedTest
    @ValueSource(strings = {"Gr\uFFFDe", "\u0093quoted\u0094 10", "Привет \uFFFD"})
    void makesAPreviewWhereTheServerCouldNotDecode(String told) {
        assertThat(previewOf("plain", "iso-8859-1", told)).isEqualTo("the text");
    }

    @Quirk(
            server = "Dovecot",
            does = "tells UTF-8 that is labelled windows-1251 as Cyrillic mojibake",
            answer = "a preview of the gateway's own")
    @Test
    void makesAPreviewWhereTheServerBelievedAWrongLabel() {
        assertThat(previewOf("plain", "windows-1251", "РџСЂРёРІРµС‚")).isEqualTo("the text");
    }

    @Quirk(
            server = "Dovecot",
            does = "tells the title of a page as the beginning of its PREVIEW",
            answer =
                    "a preview of the gateway's own where the title is the subject or says that it"
                            + " is one")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A subject Hello there.",
                "Untitled document Hello there.",
                "The title Hello"
            })
    void makesAPreviewWhereTheServerTellsTheTitle(String told) {
        assertThat(previewOf("html", "utf-8", told)).isEqualTo("the text");
    }

    @Quirk(
            server = "Dovecot",
            does = "leaves the quotation out of a PREVIEW and tells the line in front of it",
            answer = "a preview of the gateway's own")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "On Mon, 1 Mar 2026, Ann wrote:",
                "On Thu, Sept. 3, 2026, J. R. Smith wrote:",
                "Am Fr., 7. Aug. 2026 um 10:00 Uhr schrieb Prof. Dr. Max Muster:"
            })
    void makesAPreviewWhereTheServerTellsAnAttributionOnly(String told) {
        assertThat(previewOf("plain", "utf-8", told)).isEqualTo("the text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00A0\u200B\u200C \uFEFF", "=?utf-8?B?SGVsbG8=?= x", "caf=C3=A9"})
    void makesAPreviewWhereTheServerTellsFillersOrCodes(String told) {
        assertThat(previewOf("plain", "utf-8", told)).isEqualTo("the text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p {margin: 4px} Hello",
                "<!-- x --> Hello",
                "Hello&nbsp;there",
                "@media{a:b;} Hello"
            })
    void makesAPreviewWhereTheServerTellsMarkupOfAPage(String told) {
        assertThat(previewOf("html", "utf-8", told)).isEqualTo("the text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello there.",
                "Grüße – 日本 😀",
                "He wrote: yes",
                "I have gone through the draft. Ann wrote:",
                "确认。 李小明 wrote:",
                "확인 부탁드립니다. 이서연 wrote:",
                "a = b; c = d",
                "Subject: this",
                "A subject of its own"
            })
    void believesAnyOtherInOneRoundTrip(String told) {
        listed("plain", "utf-8", told);

        assertThat(previews()).containsExactly(told);
        server.verify();
    }

    /** The server's preview would be the same the next time; the gateway's is kept. */
    @Test
    void keepsThePreviewThatItMade() {
        assertThat(previewOf("plain", "utf-8", "")).isEqualTo("the text");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* \\(UID FLAGS\\)")
                .reply("* 1 FETCH (UID 7 FLAGS ())", "OK");
        server.expectMatching("UID FETCH 8:57 .*").reply("OK");

        assertThat(previews()).containsExactly("the text");
        server.verify();
    }

    @Test
    void makesAPreviewWhereTheServerRefusesAListForTheSakeOfIts() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 8] x");
        server.expectMatching("FETCH 1:\\* .*PREVIEW.*").reply("BAD no such item");
        server.expectMatching("FETCH 1:\\* .*")
                .reply(fetched(part("plain", "utf-8"), "").replace(" PREVIEW \"\"", ""), "OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(part("plain", "utf-8"), "1", "the text"), "OK");

        assertThat(previews()).containsExactly("the text");
        server.verify();
        assertThat(server.commands()).filteredOn(it -> it.contains("PREVIEW")).hasSize(1);
    }

    @Test
    void looksAtTheAlternativeOfABlankText() {
        var structure =
                "(%s%s \"alternative\")".formatted(part("plain", "utf-8"), part("html", "utf-8"));
        listed(structure, "");
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(structure, "1", "   "), "OK");
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[2]<0.2048>)")
                .reply(begins(structure, "2", "<p>the page</p>"), "OK");

        assertThat(previews()).containsExactly("the page");
        server.verify();
    }

    private String previewOf(String subtype, String charset, String told) {
        listed(subtype, charset, told);
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(part(subtype, charset), "1", "the text"), "OK");

        var previews = previews();

        server.verify();
        return previews.getFirst();
    }

    private void listed(String subtype, String charset, String told) {
        listed(part(subtype, charset), told);
    }

    private void listed(String structure, String told) {
        server.capabilities("IMAP4rev1", "PREVIEW");
        server.selected("* 1 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 8] x");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*PREVIEW.*").reply(fetched(structure, told), "OK");
    }

    private static String fetched(String structure, String told) {
        return "* 1 FETCH (UID 7 FLAGS () RFC822.SIZE 8 INTERNALDATE \"01-Mar-2026 12:00:00 +0000\" ENVELOPE (NIL \"A subject\" NIL NIL NIL NIL NIL NIL NIL NIL) BODY[HEADER.FIELDS (FROM TO CC)]<0> \"\" BODYSTRUCTURE %s PREVIEW \"%s\")"
                .formatted(structure, told);
    }

    private static String begins(String structure, String part, String text) {
        return "* 1 FETCH (UID 7 BODYSTRUCTURE %s BODY[%s]<0> \"%s\")"
                .formatted(structure, part, text);
    }

    private static String part(String subtype, String charset) {
        return "(\"text\" \"%s\" (\"charset\" \"%s\") NIL NIL \"7bit\" 8 1)"
                .formatted(subtype, charset);
    }

    private List<String> previews() {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "ada",
                        new Password("secret"));
        var query = new MessageQuery(50, MessageField.ALL, ANY, null, false);
        return messages.list(account, MailboxId.of(MailboxName.INBOX), null, query).items().stream()
                .map(item -> String.valueOf(item.preview()))
                .toList();
    }
}
