package postern.imap.client.command;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.ImapException;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.client.wire.ServerRefusals;

/** A command: writes itself, takes its responses, and holds its completion. */
public abstract class Command {

    /** The tagged response that ended a command (RFC 9051 §7.1). */
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
    private boolean sent;
    private boolean literalSentAtOnce;
    private @Nullable Completion completion;
    private @Nullable ResponseCode code;
    private String text = "";
    private boolean truncated;
    private boolean unparsable;

    /**
     * @param verb the name of the command in metrics, such as {@code "FETCH"}
     */
    Command(String verb) {
        this.verb = verb;
    }

    public String verb() {
        return verb;
    }

    /**
     * The data items that it asks for, by words of our own code, such as {@code UID FLAGS}; never
     * an argument.
     */
    public String itemNames() {
        return "";
    }

    /** Writes the command, without tag and line end. */
    public abstract void write(CommandLine line);

    /**
     * Takes an untagged response, positioned after the {@code *}; false leaves it to the next
     * command, which starts at the same position.
     */
    public boolean take(Response response) {
        return false;
    }

    /**
     * Whether the connection stays usable when the answer to this command cannot be parsed. The
     * command has failed then.
     */
    public boolean toleratesMalformed() {
        return false;
    }

    /** Called when its answer cannot be parsed. */
    public void markUnparsable() {
        unparsable = true;
    }

    /**
     * Called when the server ends the command before it has received all of it, most likely a
     * literal: the server then answers a truncated command.
     */
    public void markTruncated() {
        truncated = true;
    }

    /** The exception for an OK to a truncated command. */
    ImapException truncated() {
        return new ImapException.ProtocolError(
                "the mail server ended " + verb + " before it had all of it", null, null);
    }

    /** Whether responses that it takes are offered to the following commands as well. */
    public boolean sharesResponses() {
        return false;
    }

    /**
     * Called for each EXPUNGE until the commands that were sent together have ended, also after
     * this command has ended.
     */
    public void expunged(long sequenceNumber) {}

    /** Takes an untagged OK with this response code; null for any other response. */
    static @Nullable ResponseCode untaggedCode(Response response, String name) {
        var code = response.skipWord("OK") ? response.code() : null;
        return code != null && code.name().equals(name) ? code : null;
    }

    /** The exception, in these words if the server gives no reason that we know. */
    static ImapException inWords(String words, ImapException exception) {
        return exception instanceof ImapException.NotPossible
                ? new ImapException.NotPossible(words, exception.responseCode())
                : exception;
    }

    /** The exception for a NO; commands override this to be more specific. */
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return ServerRefusals.toException(code, text);
    }

    public void complete(Completion completion, @Nullable ResponseCode code, String text) {
        this.completion = completion;
        this.code = code;
        this.text = text;
    }

    /** Called when the last octet of the command is sent. */
    public void markSent() {
        sent = true;
    }

    /** Called when a literal is sent without waiting for the continuation request. */
    public void markLiteralSentAtOnce() {
        literalSentAtOnce = true;
    }

    public boolean sendsLiteralAtOnce() {
        return literalSentAtOnce;
    }

    /** Whether it is one that changes something. */
    public boolean changes() {
        return CHANGES.contains(verb);
    }

    /** Whether it may have changed something: it was sent completely and not refused. */
    public boolean mayHaveChanged() {
        return sent && changes() && completion != Completion.NO && completion != Completion.BAD;
    }

    /** Whether it has ended with any tagged response. */
    public boolean ended() {
        return completion != null;
    }

    /** Whether it has ended with NO or BAD. */
    public boolean refused() {
        return completion == Completion.NO || completion == Completion.BAD;
    }

    public boolean ok() {
        return completion == Completion.OK && !truncated && !unparsable;
    }

    /** Whether the server did not understand the command, or says so. */
    public boolean misunderstood() {
        return completion == Completion.BAD && !temporary() || isUnknownCommand();
    }

    /** Whether the server says that it does not know this command; then nothing was changed. */
    boolean isUnknownCommand() {
        return completion != null
                && completion != Completion.OK
                && !temporary()
                && ServerRefusals.isUnknownCommand(code, text);
    }

    /**
     * Whether the server refuses the command itself: its answer is invalid, or gives no other
     * reason for a refusal, such as that the server is busy or that a message is gone.
     */
    public boolean refusedAsSuch() {
        return switch (failure()) {
            case ImapException.NotPossible _, ImapException.ProtocolError _ -> true;
            case null, default -> false;
        };
    }

    private boolean temporary() {
        return switch (failure()) {
            case ImapException.ServerUnavailable _, ImapException.ConnectionLimit _ -> true;
            case null, default -> false;
        };
    }

    /** Whether the text of the tagged response contains this word. */
    boolean textContains(String word) {
        return text.toUpperCase(Locale.ROOT).contains(word);
    }

    /** The response code of the tagged response. */
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

    /** Whether the server did not find a mailbox, as opposed to a message. */
    public boolean missesMailbox() {
        return failure() instanceof ImapException.MailboxNotFound
                && ServerRefusals.isAboutMailbox(code, text);
    }

    /** The exception for a NO, BAD or invalid answer; null when there was none. */
    public @Nullable ImapException failure() {
        if (completion == Completion.NO) {
            return refusal(code, text);
        }
        if (completion == Completion.OK && truncated) {
            return truncated();
        }
        if (completion == Completion.OK && unparsable) {
            return new ImapException.ProtocolError(
                    "the mail server's answer cannot be read", null, null);
        }
        return completion == Completion.BAD ? misunderstanding(code, text) : null;
    }

    /** The exception for a BAD. */
    ImapException misunderstanding(@Nullable ResponseCode code, String text) {
        return ServerRefusals.bad(verb, code, text);
    }
}
