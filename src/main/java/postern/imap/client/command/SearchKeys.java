package postern.imap.client.command;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import postern.imap.Capabilities;
import postern.imap.ImapException;
import postern.imap.client.wire.CommandLine;
import postern.imap.message.Flag;
import postern.imap.message.SearchTerm;

/** Writes search terms as search keys (RFC 9051 §6.4.4). */
final class SearchKeys {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d-MMM-uuuu", Locale.ENGLISH);
    private static final Pattern HEADER_NAME = Pattern.compile("[!-9;-~]{1,100}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,20}");
    private static final Map<Flag, String> SYSTEM =
            Map.of(
                    Flag.SEEN, "SEEN",
                    Flag.ANSWERED, "ANSWERED",
                    Flag.FLAGGED, "FLAGGED",
                    Flag.DELETED, "DELETED",
                    Flag.DRAFT, "DRAFT");

    private SearchKeys() {}

    /** Writes the term as the criteria of a command; the top-level list has no parentheses. */
    static void writeAll(SearchTerm term, CommandLine line) {
        if (term instanceof SearchTerm.And(var terms)) {
            sequence(terms, line);
        } else {
            write(term, line);
        }
    }

    private static void write(SearchTerm term, CommandLine line) {
        switch (term) {
            case SearchTerm.All() -> line.words("ALL");
            case SearchTerm.And(var terms) -> {
                line.words("(");
                sequence(terms, line);
                line.words(")");
            }
            case SearchTerm.Or(var left, var right) -> {
                line.words("OR ");
                write(left, line);
                line.space();
                write(right, line);
            }
            case SearchTerm.Not(var not) -> {
                line.words("NOT ");
                write(not, line);
            }
            case SearchTerm.Uids(var uids) ->
                    line.words(uids.isEmpty() ? "NOT ALL" : "UID " + uids);
            case SearchTerm.HasFlag(var flag) -> flag(flag, line);
            case SearchTerm.From(var text) -> line.words("FROM ").string(text);
            case SearchTerm.To(var text) -> line.words("TO ").string(text);
            case SearchTerm.Cc(var text) -> line.words("CC ").string(text);
            case SearchTerm.Bcc(var text) -> line.words("BCC ").string(text);
            case SearchTerm.Subject(var text) -> line.words("SUBJECT ").string(text);
            case SearchTerm.Header(var name, var text) -> header(name, text, line);
            case SearchTerm.Text(var text) -> line.words("TEXT ").string(text);
            case SearchTerm.Body(var text) -> line.words("BODY ").string(text);
            case SearchTerm.Since(var day) -> line.words("SINCE " + day(day));
            case SearchTerm.Before(var day) -> line.words("BEFORE " + day(day));
            case SearchTerm.InThread(var threadId) ->
                    line.words(line.capabilities().objectId() ? "THREADID " : "X-GM-THRID ")
                            .words(threadId);
            case SearchTerm.SentSince(var day) -> line.words("SENTSINCE " + day(day));
            case SearchTerm.SentBefore(var day) -> line.words("SENTBEFORE " + day(day));
            case SearchTerm.GmailRaw(var query) -> line.words("X-GM-RAW ").string(query);
            case SearchTerm.Larger(long octets) -> line.words("LARGER " + octets);
            case SearchTerm.Smaller(long octets) -> line.words("SMALLER " + octets);
        }
    }

    /** Throws NotPossible when the term contains something that this server cannot search for. */
    static void requireAll(SearchTerm term, Capabilities capabilities) {
        switch (term) {
            case SearchTerm.And(var terms) -> terms.forEach(t -> requireAll(t, capabilities));
            case SearchTerm.Or(var left, var right) -> {
                requireAll(left, capabilities);
                requireAll(right, capabilities);
            }
            case SearchTerm.Not(var not) -> requireAll(not, capabilities);
            case SearchTerm.GmailRaw _ -> {
                if (!capabilities.gmail()) {
                    throw new ImapException.NotPossible("only Gmail can search like Gmail", null);
                }
            }
            case SearchTerm.InThread(var threadId) -> {
                boolean gmailThread = capabilities.gmail() && DIGITS.matcher(threadId).matches();
                if (!capabilities.objectId() && !gmailThread) {
                    throw new ImapException.NotPossible("the mail server has no such thread", null);
                }
            }
            default -> {}
        }
    }

    private static void sequence(List<SearchTerm> terms, CommandLine line) {
        if (terms.isEmpty()) {
            line.words("ALL");
        }
        for (int i = 0; i < terms.size(); i++) {
            if (i > 0) {
                line.space();
            }
            write(terms.get(i), line);
        }
    }

    private static void flag(Flag flag, CommandLine line) {
        var system = SYSTEM.get(flag);
        if (system != null) {
            line.words(system);
        } else if (flag.keyword() && flag.storable()) {
            line.words("KEYWORD " + flag.name());
        } else {
            throw new ImapException.NotPossible("IMAP cannot search for this flag", null);
        }
    }

    private static void header(String name, String text, CommandLine line) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw new ImapException.NotPossible("not the name of a header field", null);
        }
        line.words("HEADER ").string(name).space().string(text);
    }

    private static String day(LocalDate day) {
        return DAY.format(day);
    }
}
