package postern.imap.client.command;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** One command on its way: what it says, which answers it takes, and how it ended. */
public abstract class Command {

    /** How the server ended a command (RFC 9051 §7.1). */
    public enum Completion {
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

    public String verb() {
        return verb;
    }

    /** Writes the command, without tag and line end. */
    public abstract void write(CommandLine line);

    /**
     * Takes an untagged response, placed behind the {@code *}, or answers false to leave it to the
     * next command.
     */
    public boolean take(Response response) {
        return false;
    }

    /**
     * Whether the connection goes on although the answer to this command cannot be read. It has
     * failed then.
     */
    public boolean harmless() {
        return false;
    }

    /** Its answer cannot be read. */
    public void garbled() {
        garbled = true;
    }

    /**
     * The server ends it before it has had all of it, most likely a literal: whatever it says is
     * the answer to another command than this one.
     */
    public void cutShort() {
        cutShort = true;
    }

    /** What to throw when the server says that it has done what it cannot have understood. */
    ImapException shortened() {
        return new ImapException.ProtocolError(
                "the mail server ended " + verb + " before it had all of it", null, null);
    }

    /** Whether commands behind this one may want what it has taken as well. */
    public boolean shares() {
        return false;
    }

    /**
     * Hears of a message that went while the command's exchange lasts, also after the command
     * itself has ended.
     */
    public void expunged(long place) {}

    /** What to throw for a NO; a command that can say more of a failure overrides this. */
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return ServerRefusals.toException(code, text);
    }

    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        this.completion = completion;
        this.code = code;
        this.text = text;
    }

    /** The server is being sent the last octet of it. */
    public void leave() {
        left = true;
    }

    /** A literal of it is sent without the server's go-ahead. */
    public void sendsLiteralAtOnce() {
        literalAtOnce = true;
    }

    public boolean literalAtOnce() {
        return literalAtOnce;
    }

    /** Whether it may have changed something: the server had all of it and did not refuse it. */
    public boolean mayHaveChanged() {
        return left
                && CHANGES.contains(verb)
                && completion != Completion.NO
                && completion != Completion.BAD;
    }

    /** Whether the server has ended it, in whatever way. */
    public boolean ended() {
        return completion != null;
    }

    public boolean ok() {
        return completion == Completion.OK && !cutShort && !garbled;
    }

    /** Whether the server did not understand it, or that is what it says. */
    public boolean misunderstood() {
        return completion == Completion.BAD && !forNow() || ofUnknownCommand();
    }

    /** Whether the server says that it does not know this command, and so has done nothing. */
    boolean ofUnknownCommand() {
        return completion != null
                && completion != Completion.OK
                && !forNow()
                && ServerRefusals.ofUnknownCommand(code, text);
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
    public @Nullable ResponseCode code() {
        return code;
    }

    public boolean hasCode(String name) {
        return code != null && code.name().equals(name);
    }

    public String outcome() {
        return completion == null ? "lost" : completion.name().toLowerCase(Locale.ROOT);
    }

    public void throwUnlessOk() {
        var failure = failure();
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether it is a mailbox that the server does not find, and not a message. */
    public boolean missesMailbox() {
        return failure() instanceof ImapException.MailboxNotFound
                && ServerRefusals.ofMailbox(code, text);
    }

    /** What a NO or BAD has to say to the caller; null when there was none. */
    public @Nullable ImapException failure() {
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
        return ServerRefusals.bad(verb, code, text);
    }
}
