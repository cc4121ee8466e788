package postern.imap.client.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.fuzz.FuzzTarget;
import postern.imap.Access;
import postern.imap.Capabilities;
import postern.imap.MailboxName;
import postern.imap.client.command.AclCommand;
import postern.imap.client.command.Command;
import postern.imap.client.command.CopyCommand;
import postern.imap.client.command.FetchCommand;
import postern.imap.client.command.IdCommand;
import postern.imap.client.command.ListCommand;
import postern.imap.client.command.MyRightsCommand;
import postern.imap.client.command.NamespaceCommand;
import postern.imap.client.command.QuotaCommand;
import postern.imap.client.command.SearchCharset;
import postern.imap.client.command.SearchCommand;
import postern.imap.client.command.SelectCommand;
import postern.imap.client.command.SortCommand;
import postern.imap.client.command.StatusCommand;
import postern.imap.client.command.ThreadCommand;
import postern.imap.message.FetchItem;
import postern.imap.message.FetchItems;
import postern.imap.message.FetchRequest;
import postern.imap.message.SearchTerm;
import postern.imap.message.Section;
import postern.imap.message.SectionRange;
import postern.imap.message.SortKey;
import postern.imap.message.UidSet;

/** Fuzz targets that read a mail server's octets. */
public final class ResponseReaders {

    private static final Capabilities ALL =
            Capabilities.of(
                    Set.of(
                            "IMAP4REV1",
                            "UIDPLUS",
                            "MOVE",
                            "CONDSTORE",
                            "ESEARCH",
                            "ESORT",
                            "SORT",
                            "SORT=DISPLAY",
                            "THREAD=REFS",
                            "THREAD=REFERENCES",
                            "OBJECTID",
                            "ACL",
                            "LIST-EXTENDED",
                            "LIST-STATUS",
                            "SPECIAL-USE",
                            "NAMESPACE",
                            "QUOTA",
                            "PREVIEW",
                            "BINARY",
                            "STATUS=SIZE"));
    private static final MailboxName INBOX = MailboxName.INBOX;
    private static final UidSet UIDS = UidSet.range(1, 9);
    private static final SectionRange BODY = SectionRange.first(Section.part("1"), 2_048);
    private static final SectionRange HEADER = SectionRange.first(Section.HEADER, 65_536);

    private ResponseReaders() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("responses", ResponseReaders::responses)
                        .throwing(IOException.class, AnswerTooLarge.class)
                        .of(
                                "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n",
                                "* LIST () NIL {5}\r\nA B C\r\n",
                                "* STATUS INBOX (MESSAGES 3 UNSEEN 1 UIDNEXT 4 UIDVALIDITY 7)\r\n",
                                "* STATUS \"INBOX\" ()\r\n",
                                "* SEARCH 1 2 3 (MODSEQ 9)\r\n",
                                "* ESEARCH (TAG \"a1\") UID ALL 1:3,5 COUNT 4\r\n",
                                "* SORT 3 1 2\r\n",
                                "* THREAD (1 2 (3)(4 5))(6)\r\n",
                                "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\" \"X\" (\"a\" \"b\")))"
                                        + " NIL\r\n",
                                "* QUOTA \"\" (STORAGE 10 512 MESSAGE 1 2)\r\n",
                                "* QUOTAROOT INBOX \"\"\r\n",
                                "* ACL INBOX ada lrswipkxtecda anyone lr\r\n",
                                "* MYRIGHTS INBOX lrswi\r\n",
                                "* ID (\"name\" \"Dovecot\" \"version\" NIL)\r\n",
                                "* CAPABILITY IMAP4rev1 APPENDLIMIT=99 MOVE\r\n",
                                "* FLAGS (\\Seen \\Answered red)\r\n",
                                "* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n",
                                "* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 8] x\r\n",
                                "* OK [HIGHESTMODSEQ 9] x\r\n* OK [MAILBOXID (F1)] x\r\n",
                                "* 3 EXISTS\r\n* 2 EXPUNGE\r\n* 1 RECENT\r\n* VANISHED 1:3\r\n",
                                "* OK [COPYUID 7 1:2 5:6] x\r\n",
                                "a1 OK [APPENDUID 7 5] done\r\n",
                                "a1 NO [OVERQUOTA] full\r\n",
                                "a1 NO mailbox x: no such folder, does not exist\r\n",
                                "mailbox ",
                                "too many ",
                                "a1 BAD [BADCHARSET (UTF-8 X)] x\r\n",
                                "a1 NO [ALERT] [UNAVAILABLE] later\r\n",
                                "+ go on\r\n",
                                "* BYE gone\r\n"),
                FuzzTarget.of("fetch items", ResponseReaders::fetchItems)
                        .throwing(IOException.class, AnswerTooLarge.class)
                        .of(
                                "* 1 FETCH (UID 1 FLAGS (\\Seen red) RFC822.SIZE 99 MODSEQ (12)",
                                " INTERNALDATE \"17-Jul-1996 02:44:25 -0700\"",
                                " ENVELOPE (\"Mon, 2 Mar 2026 10:00:00 +0000\" \"s\" ((\"Ada\" NIL"
                                        + " \"a\" \"b.c\")) NIL NIL ((NIL NIL \"g\" NIL)(NIL NIL \"m\""
                                        + " \"h\")(NIL NIL NIL NIL)) NIL NIL NIL \"<1@x>\")",
                                " BODYSTRUCTURE (\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL"
                                        + " \"7bit\" 12 1 NIL (\"attachment\" (\"filename\" \"a\"))"
                                        + " NIL \"loc\")",
                                " BODYSTRUCTURE ((\"text\" \"html\" NIL NIL NIL \"8bit\" 1"
                                        + " 1)(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 9 (NIL NIL"
                                        + " NIL NIL NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" NIL"
                                        + " NIL NIL \"7bit\" 1 1) 3) \"mixed\" (\"boundary\" \"b\") NIL"
                                        + " NIL)",
                                " BODY[1]<0> {5}\r\nhello",
                                " BODY[HEADER] {14}\r\nSubject: x\r\n\r\n",
                                " BINARY.SIZE[1] 5",
                                " PREVIEW \"hi\"",
                                " PREVIEW NIL",
                                " EMAILID (M1) THREADID NIL",
                                " X-GM-MSGID 12",
                                ")\r\n",
                                "(",
                                ")",
                                "((",
                                "))",
                                "\"",
                                "\\",
                                " NIL",
                                "{3}\r\n",
                                "~{3}\r\n"),
                FuzzTarget.of("header fallback", ResponseReaders::headerFallback)
                        .of(
                                "From: Ada <a@b.c>\r\n",
                                "To: x: a@b, c@d;, \"e\" <f@g>\r\n",
                                "Subject: =?utf-8?q?=C3=A9?=\r\n",
                                "Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n",
                                "Content-Type: text/html; charset=\"x\"; name*0*=utf-8''a\r\n",
                                "Message-ID: <1@x>\r\n",
                                "Cc: ,,;;<<>>@@()((\r\n",
                                "\r\n"),
                FuzzTarget.of("internal dates", it -> text(FetchParser.internalDate(latin1(it))))
                        .of("17-Jul-1996 02:44:25 -0700", " 1-Jan-0000 00:00:00 +9999"));
    }

    /** Offers each response to every command, then asks all commands for their results. */
    private static @Nullable CharSequence responses(byte[] octets) throws IOException {
        var wire = wire(octets);
        var fetch = fetch();
        var list = ListCommand.list(ALL, Set.of());
        var status = new StatusCommand(INBOX, ALL);
        var search = new SearchCommand(new SearchTerm.All(), ALL);
        var sort = new SortCommand(new SearchTerm.All(), SortKey.DATE, ALL, SearchCharset.UTF_8);
        var thread = new ThreadCommand();
        var quota = new QuotaCommand(INBOX);
        var acl = new AclCommand(INBOX);
        var rights = new MyRightsCommand(INBOX);
        var id = new IdCommand();
        var namespace = new NamespaceCommand();
        var select = new SelectCommand(INBOX, Access.READ_WRITE, ALL);
        var copy = CopyCommand.copy(UIDS, INBOX);
        var commands =
                List.of(
                        list, status, search, sort, thread, quota, acl, rights, id, namespace,
                        select, copy, fetch);
        try {
            while (true) {
                take(wire.read(), commands);
            }
        } catch (EOFException _) {
            list.add(status);
            list.add(rights);
            list.names();
            list.missing();
            return text(list.mailboxes(Set.of()))
                    + text(status.status())
                    + text(search.uids())
                    + text(sort.uids())
                    + text(quota.quotas())
                    + text(acl.grants())
                    + text(rights.rights())
                    + text(id.server())
                    + text(namespace.namespaces())
                    + text(copy.copied());
        }
    }

    private static void take(Response response, List<Command> commands) {
        try {
            if (response.skip('*')) {
                response.skipSpaces();
                int start = response.position();
                for (var command : commands) {
                    response.seek(start);
                    command.take(response);
                }
                return;
            }
            response.word();
            response.skipSpaces();
            var completion = completion(response.word());
            response.skipSpaces();
            var code = response.code();
            var words = response.words();
            ServerRefusals.login(code, words);
            ServerRefusals.greeting(code, words);
            for (var command : commands) {
                command.complete(completion, code, words);
                command.failure();
                command.complete(Command.Completion.OK, code, words);
            }
        } catch (MalformedResponse _) {
            // a real connection ends here; the next response is read as on a new one
        }
    }

    private static Command.Completion completion(String word) {
        return switch (word) {
            case "OK", "NO", "BAD" -> Command.Completion.valueOf(word);
            default -> throw new MalformedResponse("OK, NO or BAD expected");
        };
    }

    private static @Nullable CharSequence fetchItems(byte[] octets) throws IOException {
        var wire = wire(octets);
        var fetch = fetch();
        try {
            while (true) {
                take(wire.read(), List.of(fetch));
            }
        } catch (EOFException _) {
            var found = new StringBuilder();
            for (var each : fetch.found()) {
                var message = each.message();
                found.append(message.envelope()).append(message.flags());
            }
            return found;
        }
    }

    private static FetchCommand fetch() {
        var items = new FetchItems(EnumSet.allOf(FetchItem.class), List.of(BODY, HEADER));
        return new FetchCommand(
                FetchRequest.places(1, FetchRequest.BySequenceNumber.END, items), ALL);
    }

    private static @Nullable CharSequence headerFallback(byte[] octets) {
        var parser = new FetchParser(1);
        var response =
                Response.of(
                        "(UID 1 BODY[HEADER] \"%s\")"
                                .formatted(
                                        new String(octets, ISO_8859_1)
                                                .replace("\\", "\\\\")
                                                .replace("\"", "\\\"")));
        parser.read(response, List.of(HeaderFallback.HEADER));
        var rebuilt = HeaderFallback.rebuilt(parser.message(), true, true, true);
        return text(rebuilt.envelope()) + text(rebuilt.bodyStructure());
    }

    private static Wire wire(byte[] octets) {
        var in = new ByteArrayInputStream(octets);
        var socket =
                new Socket() {
                    @Override
                    public InputStream getInputStream() {
                        return in;
                    }
                };
        return new Wire(() -> socket, 1 << 20, AnswerBudget.NONE);
    }

    private static String latin1(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
