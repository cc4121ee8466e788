package postern.message;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.web.id.MessageId;

/** Reads the messages that are answered or forwarded. */
@Component
public class OriginalMessages {

    private final Messages messages;

    OriginalMessages(Messages messages) {
        this.messages = messages;
    }

    /** Throws MessageNotFound. */
    public OriginalMessage read(Account account, MessageId message) {
        return OriginalMessage.of(messages.read(account, message, OriginalMessage.INCLUDE));
    }
}
