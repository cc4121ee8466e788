package postern.message.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import postern.account.Account;
import postern.account.ImapServer;
import postern.account.Password;
import postern.account.Security;
import postern.imap.MailboxName;
import postern.imap.message.BodyPart;
import postern.imap.message.RawText;
import postern.message.MessageFilter;
import postern.message.MessagePage;
import postern.message.MessageQuery;
import postern.message.Messages;
import postern.message.part.PreviewText;
import postern.testserver.ScriptedImapServer;
import postern.web.OnGreenMail;
import postern.web.id.MailboxId;

/** Previews of messages for which the mail server has none. */
@OnGreenMail
@Timeout(120)
class PreviewLoaderTest {

    private static final String TEXT = "(\"text\" \"%s\" NIL NIL NIL \"7bit\" 8 1)";

    private static final MessageFilter ANY =
            new MessageFilter(null, null, null, null, null, null, null, null, null, null, null);

    @Autowired private Messages messages;
    private final ScriptedImapServer server = ScriptedImapServer.start();

    @AfterEach
    void stopTheServer() {
        server.close();
    }

    @Test
    void areMadeInOneFlushAndKept() {
        listed();
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7,9 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(1, 7, plain(), "1", "seven"), begins(3, 9, plain(), "1", "nine"))
                .reply("OK");
        server.expect("UID FETCH 8 (UID BODYSTRUCTURE BODY.PEEK[1.1]<0.2048>)")
                .reply(begins(2, 8, mixed(), "1.1", "eight"), "OK");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* \\(UID FLAGS\\)")
                .reply("* 1 FETCH (UID 7 FLAGS ())", "* 2 FETCH (UID 8 FLAGS ())")
                .reply("* 3 FETCH (UID 9 FLAGS ())", "OK");
        server.expectMatching("UID FETCH 10:59 .*ENVELOPE.*").reply("OK");

        var first = list();
        var second = list();

        assertThat(previews(first)).containsExactly("nine", "eight", "seven");
        assertThat(previews(second)).containsExactly("nine", "eight", "seven");
        server.verify();
    }

    @Test
    void areEmptyWhereTheServerRefusesThePart() {
        listed();
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("UID FETCH 7,9 .*").reply("NO not now");
        server.expectMatching("UID FETCH 8 .*").reply(begins(2, 8, mixed(), "1.1", "eight"), "OK");
        server.expectMatching("UID FETCH 7,9 .*").reply("NO not now");
        server.expectMatching("UID FETCH 7 .*BODY.PEEK.*").reply("NO not now");
        server.expectMatching("UID FETCH 9 .*BODY.PEEK.*").reply("NO not now");
        server.expectMatching("UID FETCH 8 .*").reply(begins(2, 8, mixed(), "1.1", "eight"), "OK");

        assertThat(previews(list())).containsExactly("", "eight", "");
        server.verify();
    }

    /** Cyrus announces PREVIEW but has previews only of mail that came by JMAP. */
    @Test
    void areMadeWhereTheServerTellsNone() {
        server.capabilities("IMAP4rev1", "PREVIEW");
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 10] x");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*PREVIEW.*")
                .reply(told(1, 7, plain() + " PREVIEW NIL"))
                .reply(told(2, 8, mixed() + " PREVIEW \"\""))
                .reply(told(3, 9, plain() + " PREVIEW \"told\""), "OK");
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 8 (UID BODYSTRUCTURE BODY.PEEK[1.1]<0.2048>)")
                .reply(begins(2, 8, mixed(), "1.1", "eight"), "OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(1, 7, plain(), "1", "seven"), "OK");

        assertThat(previews(list())).containsExactly("told", "eight", "seven");
        server.verify();
    }

    @Test
    void areMadeOfMoreWhereThePageBeginsLate() {
        var page = "<style>" + "p {color: red} ".repeat(200) + "</style><p>late</p>";
        server.selected("* 2 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 10] x");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*").reply(told(1, 7, html()), told(2, 8, html()), "OK");
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7:8 (UID BODYSTRUCTURE BODY.PEEK[1]<0.2048>)")
                .reply(begins(1, 7, html(), "1", page.substring(0, 2048)))
                .reply(begins(2, 8, html(), "1", "<p>early</p>"), "OK");
        server.expectMatching("NOOP").reply("OK");
        server.expect("UID FETCH 7 (UID BODYSTRUCTURE BODY.PEEK[1]<0.32768>)")
                .reply(begins(1, 7, html(), "1", page), "OK");

        assertThat(previews(list())).containsExactly("early", "late");
        server.verify();
    }

    @Test
    void areNotAskedForWhereNobodyWantsThem() {
        listed();

        var page = list(new MessageQuery(50, Set.of(MessageField.SUBJECT), ANY, null, false));

        assertThat(page.items()).hasSize(3);
        server.verify();
    }

    @Test
    void leaveOutWhatIsQuoted() {
        var text =
                """
                Ja,   gerne
                am Mittwoch.

                On Sun, 1 Mar 2026, Ada wrote:
                > Kommst du?
                """;

        assertThat(PreviewText.of(part("plain", "7bit"), octets(text)))
                .isEqualTo("Ja, gerne am Mittwoch.");
        assertThat(PreviewText.of(part("plain", "7bit"), octets("> all is\n> quoted\n")))
                .isEqualTo("> all is > quoted");
    }

    @Test
    void endWithAWholeCharacter() {
        var smiles = "\uD83D\uDE00".repeat(400);

        var preview = PreviewText.of(part("plain", "8bit"), octets(smiles));

        assertThat(preview).isEqualTo("\uD83D\uDE00".repeat(200));
    }

    @Test
    void areMadeOfTextThatIsCutWhereverItIs() {
        var base64 = Base64.getEncoder().encodeToString(octets("gr\u00fc\u00df ".repeat(40)));
        for (int length = 8; length < 100; length++) {
            var cut = octets(base64.substring(0, length));

            assertThat("gr\u00fc\u00df ".repeat(40))
                    .startsWith(PreviewText.of(part("plain", "base64"), cut));
        }
    }

    @Test
    void sayWhatAPageSays() {
        var html = "<style>p {}</style><p>one</p>\n<p>two &amp; <b>three</b></p><a href='x";

        assertThat(PreviewText.of(part("html", "7bit"), octets(html))).isEqualTo("one two & three");
    }

    private void listed() {
        server.selected("* 3 EXISTS", "* OK [UIDVALIDITY 1] x", "* OK [UIDNEXT 10] x");
        server.expectMatching("NOOP").reply("OK");
        server.expectMatching("FETCH 1:\\* .*")
                .reply(told(1, 7, plain()), told(2, 8, mixed()), told(3, 9, plain()), "OK");
    }

    private static String told(long place, long uid, String structure) {
        return "* %d FETCH (UID %d FLAGS () RFC822.SIZE 8 INTERNALDATE \"01-Mar-2026 12:00:00 +0000\" BODY[HEADER.FIELDS (FROM TO CC)]<0> \"\" ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE %s)"
                .formatted(place, uid, structure);
    }

    private static String begins(long place, long uid, String structure, String part, String text) {
        return "* %d FETCH (UID %d BODYSTRUCTURE %s BODY[%s]<0> \"%s\")"
                .formatted(place, uid, structure, part, text);
    }

    private static String plain() {
        return TEXT.formatted("plain");
    }

    private static String html() {
        return TEXT.formatted("html");
    }

    private static String mixed() {
        return "((%s%s \"alternative\")(\"image\" \"png\" NIL NIL NIL \"base64\" 8) \"mixed\")"
                .formatted(plain(), TEXT.formatted("html"));
    }

    private MessagePage list() {
        return list(new MessageQuery(50, MessageField.ALL, ANY, null, false));
    }

    private MessagePage list(MessageQuery query) {
        var account =
                new Account(
                        new ImapServer(server.host(), server.port(), Security.NONE),
                        "ada",
                        new Password("secret"));
        return messages.list(account, MailboxId.of(MailboxName.INBOX), null, query);
    }

    private static List<String> previews(MessagePage page) {
        var previews = new ArrayList<String>();
        page.items().forEach(item -> previews.add(String.valueOf(item.preview())));
        return previews;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BodyPart part(String subtype, String encoding) {
        return new BodyPart(
                "1",
                new BodyPart.Type("text", subtype, Map.of("charset", RawText.of("utf-8"))),
                null,
                null,
                encoding,
                10,
                BodyPart.Disposition.NONE,
                null,
                List.of(),
                null);
    }
}
