package postern.message;

import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.web.id.MessageId;

/** Reads messages for those that answer them or pass them on. */
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
