package postern.imap.client.command;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.AccountTag;
import postern.imap.Appended;
import postern.imap.ImapException;
import postern.imap.MailboxName;
import postern.imap.MessageRef;
import postern.imap.ResponseCode;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.Response;
import postern.imap.message.Flag;
import postern.imap.message.UidSet;

/**
 * APPEND (RFC 9051 §6.3.12) or UID REPLACE (RFC 8508) up to the announcement of its literal. It
 * reads the APPENDUID response code (RFC 4315 §3).
 */
public final class AppendCommand extends Command {

    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("dd-MMM-uuuu HH:mm:ss '+0000'", Locale.ENGLISH);

    private final MailboxName mailbox;
    private final Set<Flag> flags;
    private final @Nullable Instant internalDate;
    private final long octets;
    private final UidSet replaced;
    private @Nullable ResponseCode untagged;

    private AppendCommand(
            String verb,
            UidSet replaced,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            long octets) {
        super(verb);
        if (internalDate != null) {
            requireFourDigits(internalDate.atOffset(ZoneOffset.UTC).getYear());
        }
        this.replaced = replaced;
        this.mailbox = mailbox;
        this.flags = flags;
        this.internalDate = internalDate;
        this.octets = octets;
    }

    /** A server may answer BAD to another year, or store another date (RFC 9051 §9 date-year). */
    private static void requireFourDigits(int year) {
        if (year < 1 || year > 9_999) {
            throw new IllegalArgumentException("IMAP has no such year");
        }
    }

    public static AppendCommand append(
            MailboxName mailbox, Set<Flag> flags, @Nullable Instant internalDate, long octets) {
        return new AppendCommand("APPEND", UidSet.EMPTY, mailbox, flags, internalDate, octets);
    }

    public static AppendCommand replace(
            long uid,
            MailboxName mailbox,
            Set<Flag> flags,
            @Nullable Instant internalDate,
            long octets) {
        return new AppendCommand("REPLACE", UidSet.of(uid), mailbox, flags, internalDate, octets);
    }

    public MailboxName mailbox() {
        return mailbox;
    }

    public long octets() {
        return octets;
    }

    /**
     * REPLACE sends APPENDUID in an untagged OK, before it removes the old message (RFC 8508 §3.4).
     */
    @Override
    public boolean take(Response response) {
        var code = untaggedCode(response, "APPENDUID");
        untagged = code == null ? untagged : code;
        return code != null;
    }

    @Override
    public void write(CommandLine line) {
        if (replaced.isEmpty()) {
            line.words("APPEND ");
        } else {
            line.uid("REPLACE", replaced).space();
        }
        line.mailbox(mailbox).space();
        if (!flags.isEmpty()) {
            line.flags(flags).space();
        }
        if (internalDate != null) {
            line.words("\"" + DATE_TIME.format(internalDate.atOffset(ZoneOffset.UTC)) + "\" ");
        }
        line.literalHead(octets);
    }

    @Override
    ImapException refusal(@Nullable ResponseCode code, String text) {
        return inWords("the mail server does not take this message", super.refusal(code, text));
    }

    /**
     * @param accountTag of the account that the message now belongs to
     */
    public Appended appended(AccountTag accountTag) {
        var code = hasCode("APPENDUID") ? code() : untagged;
        if (code == null) {
            return new Appended(null);
        }
        var words = code.arguments().trim().split(" +");
        try {
            return new Appended(
                    new MessageRef(
                            mailbox,
                            Long.parseLong(words[0]),
                            Long.parseLong(words[1]),
                            accountTag));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            return new Appended(null);
        }
    }
}
