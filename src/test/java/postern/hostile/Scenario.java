package postern.hostile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import postern.hostile.HostileServer.Out;

/**
 * What a hostile server does, and the request that makes it.
 *
 * @param name also that of the server in the gateway's configuration
 * @param request such as {@code GET /mailboxes}; {@code {id}} is the id of a message
 * @param body the JSON of the request; empty for none
 */
record Scenario(String name, String request, String body, HostileServer.Script script) {

    private static final String LIST = "GET /mailboxes";
    private static final String MESSAGES = "GET /mailboxes/inbox/messages?limit=50";
    private static final String THREADS = "GET /mailboxes/inbox/threads";
    private static final String SEARCH = "POST /search";
    private static final String FILTER =
            "{\"filter\": {\"text\": \"x\"}, \"mailboxIds\": [\"inbox\"]}";
    private static final long FOR_EVER = Long.MAX_VALUE;

    /** Writes an answer. */
    private interface Answer {
        void to(Out out) throws IOException;
    }

    /** All scenarios; the numbers are so large that no heap could hold what they make. */
    static List<Scenario> all() {
        var all = new ArrayList<Scenario>();
        beforeTheLogin(all);
        lists(all);
        messages(all);
        searches(all);
        changes(all);
        return List.copyOf(all);
    }

    private static void beforeTheLogin(List<Scenario> all) {
        all.add(
                new Scenario(
                        "endless-greeting",
                        LIST,
                        "",
                        new HostileServer.Script() {
                            @Override
                            public void greet(Out out) throws IOException {
                                out.text("* OK ");
                                out.repeat(FOR_EVER, "hello ");
                            }

                            @Override
                            public boolean answer(String command, Out out) {
                                return false;
                            }
                        }));
        all.add(
                of(
                        "chatter-at-login",
                        LIST,
                        "LOGIN",
                        out -> out.repeat(FOR_EVER, "* OK still\r\n")));
        all.add(
                of(
                        "capabilities-at-login",
                        LIST,
                        "LOGIN",
                        out -> {
                            out.text("* CAPABILITY IMAP4rev1");
                            out.repeat(2_000_000, " X%d");
                            out.line("");
                        }));
    }

    private static void lists(List<Scenario> all) {
        all.add(
                of(
                        "mailboxes",
                        LIST,
                        "LIST",
                        out ->
                                out.repeat(
                                        2_000_000, "* LIST (\\HasNoChildren) \"/\" \"m%d\"\r\n")));
        all.add(of("chatter", LIST, "LIST", out -> out.repeat(FOR_EVER, "* OK still here\r\n")));
        all.add(of("blank-lines", LIST, "LIST", out -> out.repeat(FOR_EVER, "\r\n")));
        all.add(
                of(
                        "capabilities",
                        LIST,
                        "LIST",
                        out -> {
                            out.text("* CAPABILITY IMAP4rev1");
                            out.repeat(2_000_000, " X%d");
                            out.line("");
                        }));
        all.add(
                of(
                        "drip",
                        LIST,
                        "LIST",
                        out -> {
                            for (long i = 0; i < FOR_EVER; i++) {
                                out.text("*");
                                out.flush();
                                pause();
                            }
                        }));
        all.add(
                of(
                        "status",
                        "GET /mailboxes/inbox",
                        "STATUS",
                        out -> {
                            out.text("* STATUS INBOX (");
                            out.repeat(5_000_000, "X%d 1 ");
                            out.line("MESSAGES 10)");
                        }));
    }

    private static void messages(List<Scenario> all) {
        all.add(
                of(
                        "keywords",
                        MESSAGES,
                        "SELECT|EXAMINE",
                        out -> {
                            out.text("* FLAGS (\\Seen");
                            out.repeat(1_000_000, " keyword%d");
                            out.line(")");
                            out.text("* OK [PERMANENTFLAGS (\\Seen");
                            out.repeat(1_000_000, " keyword%d");
                            out.line(")] all of them");
                            out.line("* 10 EXISTS");
                            out.line("* OK [UIDVALIDITY 1] valid");
                        }));
        all.add(
                of(
                        "fetch-lines",
                        MESSAGES,
                        "FETCH",
                        out ->
                                out.repeat(
                                        1_000_000,
                                        "* %d FETCH (FLAGS (\\Seen) RFC822.SIZE 1)\r\n")));
        all.add(
                of(
                        "parts",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.text("* 1 FETCH (" + HostileServer.head(1, "()") + "(");
                            out.repeat(300_000, HostileServer.structure());
                            out.line(" \"mixed\"))");
                        }));
        all.add(
                of(
                        "nested-parts",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.text("* 1 FETCH (" + HostileServer.head(1, "()"));
                            out.repeat(300_000, "(");
                            out.repeat(300_000, ")");
                            out.line(")");
                        }));
        all.add(
                of(
                        "flags",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.text("* 1 FETCH (UID 1 FLAGS (");
                            out.repeat(10_000_000, "f%d ");
                            out.line("))");
                        }));
        all.add(
                of(
                        "addresses",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.text("* 1 FETCH (UID 1 ENVELOPE (NIL NIL (");
                            out.repeat(3_000_000, "(NIL NIL \"a\" \"b\")");
                            out.line(") NIL NIL NIL NIL NIL NIL NIL))");
                        }));
        all.add(
                of(
                        "announced-literal",
                        MESSAGES,
                        "FETCH",
                        out -> out.line("* 1 FETCH (UID 1 ENVELOPE (NIL {2147483648}")));
        all.add(
                of(
                        "long-literal",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.line("* 1 FETCH (UID 1 ENVELOPE (NIL {60000000}");
                            out.repeat(6_000_000, "0123456789");
                            out.line(" NIL NIL NIL NIL NIL NIL NIL NIL))");
                        }));
        all.add(
                of(
                        "expunges",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.line("* 4000000000 EXISTS");
                            out.repeat(50_000, "* %d FETCH (UID 1 RFC822.SIZE 1)\r\n");
                            out.repeat(FOR_EVER, "* 1 EXPUNGE\r\n");
                        }));
        all.add(
                of(
                        "open-quote",
                        MESSAGES,
                        "FETCH",
                        out -> {
                            out.text("* 1 FETCH (UID 1 ENVELOPE (NIL \"");
                            out.repeat(FOR_EVER, "a line in a quoted string\r\n");
                        }));
    }

    private static void searches(List<Scenario> all) {
        all.add(
                new Scenario(
                        "esearch",
                        SEARCH,
                        FILTER,
                        with(
                                "ESEARCH",
                                "SEARCH",
                                out -> out.line("* ESEARCH (TAG \"x\") UID ALL 1:4294967295"))));
        all.add(
                of(
                        "search",
                        SEARCH,
                        FILTER,
                        "SEARCH",
                        out -> {
                            out.text("* SEARCH");
                            for (int uid = 1; uid < 10_000_000; uid += 2) {
                                out.text(" " + uid);
                            }
                            out.line("");
                        }));
        all.add(
                new Scenario(
                        "sort",
                        SEARCH,
                        FILTER,
                        with(
                                "ESEARCH ESORT SORT",
                                "SORT",
                                out -> out.line("* ESEARCH (TAG \"x\") UID ALL 4294967295:1"))));
        all.add(
                new Scenario(
                        "threads",
                        THREADS,
                        "",
                        with(
                                "THREAD=REFS",
                                "THREAD",
                                out -> {
                                    out.text("* THREAD ");
                                    out.repeat(1_000_000, "(%d)");
                                    out.line("");
                                })));
        all.add(
                new Scenario(
                        "nested-threads",
                        THREADS,
                        "",
                        with(
                                "THREAD=REFS",
                                "THREAD",
                                out -> {
                                    out.text("* THREAD ");
                                    out.repeat(4_000_000, "((1)");
                                    out.line("");
                                })));
    }

    private static void changes(List<Scenario> all) {
        all.add(
                new Scenario(
                        "vanished",
                        "GET /mailboxes/inbox/changes?since={state}",
                        "",
                        with(
                                "CONDSTORE QRESYNC ENABLE ESEARCH",
                                "FETCH.*VANISHED.*",
                                out -> {
                                    out.text("* VANISHED (EARLIER) 1");
                                    for (int uid = 3; uid < 8_000_000; uid += 2) {
                                        out.text("," + uid);
                                    }
                                    out.line("");
                                })));
        all.add(
                new Scenario(
                        "changed",
                        "GET /mailboxes/inbox/changes?since={state}",
                        "",
                        with(
                                "CONDSTORE QRESYNC ENABLE ESEARCH",
                                "FETCH.*VANISHED.*",
                                out ->
                                        out.repeat(
                                                2_000_000, "* 1 FETCH (UID 1 FLAGS (k%d))\r\n"))));
        all.add(
                of(
                        "copyuid",
                        "POST /messages/{id}/copy",
                        "{\"mailboxId\": \"inbox\"}",
                        "CODE COPY",
                        out -> out.text("[COPYUID 1 1:4294967295 1:4294967295]")));
        all.add(
                of(
                        "copyuids",
                        "POST /messages/{id}/copy",
                        "{\"mailboxId\": \"inbox\"}",
                        "CODE COPY",
                        out -> {
                            out.text("[COPYUID 1 ");
                            out.repeat(4_000_000, "1,");
                            out.text("1 ");
                            out.repeat(4_000_000, "1,");
                            out.text("1]");
                        }));
        all.add(
                of(
                        "appenduid",
                        "POST /mailboxes/inbox/messages",
                        "{\"subject\": \"x\"}",
                        "CODE APPEND",
                        out -> {
                            out.text("[APPENDUID 1 ");
                            out.repeat(4_000_000, "%d:4294967295,");
                            out.text("1]");
                        }));
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Scenario of(String name, String request, String command, Answer answer) {
        return of(name, request, "", command, answer);
    }

    private static Scenario of(
            String name, String request, String body, String command, Answer answer) {
        return new Scenario(name, request, body, with("UIDPLUS", command, answer));
    }

    /**
     * @param commands a regular expression for the beginnings of the commands that are answered so
     */
    private static HostileServer.Script with(String capabilities, String commands, Answer answer) {
        return new HostileServer.Script() {
            @Override
            public String capabilities() {
                return capabilities;
            }

            @Override
            public boolean answer(String command, Out out) throws IOException {
                boolean code = command.startsWith("CODE ");
                if (command.matches("(" + commands + ").*")) {
                    answer.to(out);
                    return true;
                }
                return code;
            }
        };
    }
}
