package postern.imap.client.command;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.imap.MailboxName;
import postern.imap.Quota;
import postern.imap.client.wire.CommandLine;
import postern.imap.client.wire.MalformedResponse;
import postern.imap.client.wire.Response;

/** GETQUOTAROOT (RFC 9208 §4.2). An answer that cannot be parsed counts as no limit. */
public final class QuotaCommand extends Command {

    private static final long STORAGE_UNIT = 1_024;

    private final MailboxName mailbox;
    private final List<Quota> quotas = new ArrayList<>();
    private final Set<String> roots = new HashSet<>();

    public QuotaCommand(MailboxName mailbox) {
        super("GETQUOTAROOT");
        this.mailbox = mailbox;
    }

    @Override
    public void write(CommandLine line) {
        line.words("GETQUOTAROOT ").mailbox(mailbox);
    }

    @Override
    public boolean take(Response response) {
        if (response.skipWord("QUOTAROOT")) {
            return true;
        }
        if (!response.skipWord("QUOTA")) {
            return false;
        }
        try {
            quota(response);
        } catch (MalformedResponse _) {
            // Courier omits the list of resources where nothing is limited.
        }
        return true;
    }

    private void quota(Response response) {
        response.skipSpaces();
        var root = Objects.requireNonNullElse(response.utf8(), "");
        if (!roots.add(root)) {
            return;
        }
        response.skipSpaces();
        response.list(() -> {
            var resource = resource(response.word());
            response.skipSpaces();
            long used = response.number();
            response.skipSpaces();
            long limit = response.number();
            if (resource != null) {
                long unit = unit(resource);
                quotas.add(new Quota(root, resource, multiply(used, unit), multiply(limit, unit)));
            }
        });
    }

    private static Quota.@Nullable Resource resource(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "STORAGE" -> Quota.Resource.STORAGE;
            case "MESSAGE" -> Quota.Resource.MESSAGE;
            case "MAILBOX" -> Quota.Resource.MAILBOX;
            case "ANNOTATION-STORAGE" -> Quota.Resource.ANNOTATION_STORAGE;
            default -> null;
        };
    }

    private static long unit(Quota.Resource resource) {
        return switch (resource) {
            case STORAGE, ANNOTATION_STORAGE -> STORAGE_UNIT;
            case MESSAGE, MAILBOX -> 1;
        };
    }

    /** Some servers send the largest number that they can represent where there is no limit. */
    private static long multiply(long number, long unit) {
        return number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
    }

    @Override
    public boolean toleratesMalformed() {
        return true;
    }

    public List<Quota> quotas() {
        return List.copyOf(quotas);
    }
}
