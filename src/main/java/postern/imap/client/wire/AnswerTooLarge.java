package postern.imap.client.wire;

/**
 * The mail server sends more in an exchange than one exchange may take, see {@link AnswerBudget}.
 * Unlike a {@link MalformedResponse} it is never the fault of a single item, so that no parser goes
 * on after it.
 */
public final class AnswerTooLarge extends RuntimeException {

    AnswerTooLarge(String message) {
        super(message);
    }
}
