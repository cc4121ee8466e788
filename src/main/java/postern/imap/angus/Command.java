package postern.imap.angus;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;

/** One command on its way: what it says, which answers it takes, and how it ended. */
abstract class Command {

    /** How the server ended a command (RFC 9051 §7.1). */
    enum Completion {
        OK,
        NO,
        BAD
    }

    private static final Set<String> CHANGES =
            Set.of(
                    "APPEND",
                    "REPLACE",
                    "COPY",
                    "MOVE",
                    "STORE",
                    "EXPUNGE",
                    "CREATE",
                    "DELETE",
                    "RENAME",
                    "SUBSCRIBE",
                    "UNSUBSCRIBE",
                    "SETACL",
                    "DELETEACL");

    private final String verb;
    private boolean left;
    private boolean literalAtOnce;
    private @Nullable Completion completion;
    private @Nullable ResponseCode code;
    private String text = "";
    private boolean cutShort;
    private boolean garbled;

    /**
     * @param verb names the command in metrics, such as {@code "FETCH"}
     */
    Command(String verb) {
        this.verb = verb;
    }

    String verb() {
        return verb;
    }

    /** Writes the command, without tag and line end. */
    abstract void write(CommandLine line);

    /**
     * Takes an untagged response, placed behind the {@code *}, or answers false to leave it to the
     * next command.
     */
    boolean take(Response response) {
        return false;
    }

    /**
     * Whether the connection goes on although the answer to this command cannot be read. It has
     * failed then.
     */
    boolean harmless() {
        return false;
    }

    /** Its answer cannot be read. */
    void garbled() {
        garbled = true;
    }

    /**
     * The server ends it before it has had all of it, most likely a literal: whatever it says is
     * the answer to another command than this one.
     */
    void cutShort() {
        cutShort = true;
    }

    /** What to throw when the server says that it has done what it cannot have understood. */
    ImapException shortened() {
        return new ImapException.ProtocolError(
                "the mail server ended " + verb + " before it had all of it", null, null);
    }

    /** Whether commands behind this one may want what it has taken as well. */
    boolean shares() {
        return false;
    }

    /**
     * Hears of a message that went while the command's exchange lasts, also after the command
     * itself has ended.
     */
    void expunged(long place) {}

    /** What to throw for a NO; a command that can say more of a failure overrides this. */
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return Refusals.toException(code, text);
    }

    void complete(Completion completion, @Nullable ResponseCode code, String text) {
        this.completion = completion;
        this.code = code;
        this.text = text;
    }

    /** The server is being sent the last octet of it. */
    void leave() {
        left = true;
    }

    /** A literal of it is sent without the server's go-ahead. */
    void sendsLiteralAtOnce() {
        literalAtOnce = true;
    }

    boolean literalAtOnce() {
        return literalAtOnce;
    }

    /** Whether it may have changed something: the server had all of it and did not refuse it. */
    boolean mayHaveChanged() {
        return left
                && CHANGES.contains(verb)
                && completion != Completion.NO
                && completion != Completion.BAD;
    }

    /** Whether the server has ended it, in whatever way. */
    boolean ended() {
        return completion != null;
    }

    boolean ok() {
        return completion == Completion.OK && !cutShort && !garbled;
    }

    /** Whether the server did not understand it, or that is what it says. */
    boolean misunderstood() {
        return completion == Completion.BAD && !forNow() || ofUnknownCommand();
    }

    /** Whether the server says that it does not know this command, and so has done nothing. */
    boolean ofUnknownCommand() {
        return completion != null
                && completion != Completion.OK
                && !forNow()
                && Refusals.ofUnknownCommand(code, text);
    }

    private boolean forNow() {
        return switch (failure()) {
            case ImapException.ServerUnavailable _, ImapException.ConnectionLimit _ -> true;
            case null, default -> false;
        };
    }

    /** Whether the server's last word on it has this in it. */
    boolean says(String word) {
        return text.toUpperCase(Locale.ROOT).contains(word);
    }

    /** The code of the tagged response, whatever it was. */
    @Nullable ResponseCode code() {
        return code;
    }

    boolean hasCode(String name) {
        return code != null && code.name().equals(name);
    }

    String outcome() {
        return completion == null ? "lost" : completion.name().toLowerCase(Locale.ROOT);
    }

    void throwUnlessOk() {
        var failure = failure();
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether it is a mailbox that the server does not find, and not a message. */
    boolean missesMailbox() {
        return failure() instanceof ImapException.MailboxNotFound && Refusals.ofMailbox(code, text);
    }

    /** What a NO or BAD has to say to the caller; null when there was none. */
    @Nullable ImapException failure() {
        if (completion == Completion.NO) {
            return refusal(code, text);
        }
        if (completion == Completion.OK && cutShort) {
            return shortened();
        }
        if (completion == Completion.OK && garbled) {
            return new ImapException.ProtocolError(
                    "the mail server's answer cannot be read", null, null);
        }
        return completion == Completion.BAD ? misunderstanding(code, text) : null;
    }

    /** What to throw for a BAD. */
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return Refusals.bad(verb, code, text);
    }
}
