package postern.smtp;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message that the server has accepted, for those recipients whose replies are positive.
 *
 * @param reply the answer to the whole message
 */
public record Submission(SmtpReply reply, List<RecipientReply> recipients) {

    /** Postfix and others; Exim and Dovecot; Sendmail; Gmail. */
    private static final Pattern QUEUE_ID =
            Pattern.compile(
                    "queued as (?<a>[!-~]{1,100})|\\bid=(?<b>[!-~]{1,100})"
                            + "|^(?<c>[!-~]{1,100}) Message accepted"
                            + "|^OK +\\d+ (?<d>[!-~]{1,100}) - gsmtp",
                    Pattern.CASE_INSENSITIVE);

    public Submission {
        recipients = List.copyOf(recipients);
    }

    /** What the server calls the message in its logs; null where its words do not tell. */
    public @Nullable String queueId() {
        var matcher = QUEUE_ID.matcher(reply.text());
        if (!matcher.find()) {
            return null;
        }
        for (var name : List.of("a", "b", "c", "d")) {
            var id = matcher.group(name);
            if (id != null) {
                return id;
            }
        }
        return null;
    }
}
