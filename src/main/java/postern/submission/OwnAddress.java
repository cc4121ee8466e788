package postern.submission;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.identity.Identities;
import postern.mime.header.MailAddress;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Finds the user's address that a message was written to, as which something is sent about it. */
@Component
final class OwnAddress {

    private final Identities identities;

    OwnAddress(Identities identities) {
        this.identities = identities;
    }

    /**
     * @param wanted what the caller says in {@code from}; null where it is to be found
     */
    MailAddress of(Account account, ReceivedMessage message, @Nullable String wanted) {
        if (wanted != null) {
            return chosen(account, wanted);
        }
        var written = identities.writtenTo(account, message.recipients());
        var identity = written == null ? identities.standard(account) : written;
        var own = identity == null ? null : parsed(identity.address());
        if (own == null) {
            throw new ProblemException(
                    ProblemCode.NOT_POSSIBLE,
                    "none of the addresses that the message was written to is known to be the"
                            + " user's; `from` can say it");
        }
        return own;
    }

    private MailAddress chosen(Account account, String wanted) {
        var address = parsed(wanted);
        if (address == null) {
            throw InvalidRequest.at("/from", "is not an e-mail address");
        }
        if (!identities.allows(account, address.email())) {
            throw new ProblemException(
                    ProblemCode.SENDING_NOT_PERMITTED, "the user may not send as that address");
        }
        return address;
    }

    private static @Nullable MailAddress parsed(@Nullable String email) {
        try {
            return email == null ? null : MailAddress.of(null, email);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
