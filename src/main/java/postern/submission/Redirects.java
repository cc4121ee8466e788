package postern.submission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.account.RequestNames;
import postern.compose.NewMessageId;
import postern.compose.SaveCopy;
import postern.identity.Identities;
import postern.imap.MessageRef;
import postern.message.metadata.EmailAddress;
import postern.mime.compose.HeaderWriter;
import postern.mime.header.MailAddress;
import postern.web.idempotency.KeyedRequest;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/**
 * Redirects stored messages (RFC 5322 §3.6.6): fields of the user's are put in front, and the
 * message itself stays as it is, so that its signatures remain valid.
 */
@Component
final class Redirects {

    private static final int LONGEST_NAME = 10_000;

    private final Identities identities;
    private final RequestNames names;
    private final SubmissionServers servers;
    private final StoredDrafts stored;
    private final Envelopes envelopes;
    private final MessageSender sender;
    private final Filing filing;
    private final InstantSource clock = InstantSource.system();

    Redirects(
            Identities identities,
            RequestNames names,
            SubmissionServers servers,
            StoredDrafts stored,
            Envelopes envelopes,
            MessageSender sender,
            Filing filing) {
        this.identities = identities;
        this.names = names;
        this.servers = servers;
        this.stored = stored;
        this.envelopes = envelopes;
        this.sender = sender;
        this.filing = filing;
    }

    /**
     * @param key from which the Resent-Message-ID follows, so that repetitions are recognised by
     *     it; null for one that is made up
     */
    RedirectedMessage redirect(
            Account account,
            MessageRef original,
            RedirectRequest wishes,
            @Nullable KeyedRequest key) {
        var submitter = servers.submitter(account);
        var from = from(account, wishes.from());
        var to = addresses("/to", wishes.to());
        var cc = addresses("/cc", wishes.cc());
        var bcc = addresses("/bcc", wishes.bcc());
        var all = new ArrayList<>(to);
        all.addAll(cc);
        all.addAll(bcc);
        var envelope = envelopes.redirected(account, from, all, wishes);
        var id = resentMessageId(account, from, key);
        var header =
                new HeaderWriter()
                        .date("Resent-Date", clock.instant())
                        .addresses("Resent-From", List.of(from))
                        .addresses("Resent-To", to)
                        .addresses("Resent-Cc", cc)
                        .addresses("Resent-Bcc", bcc)
                        .ids("Resent-Message-ID", List.of(id));
        // to read it proves the credential, before the submission server is asked about it
        try (var message = stored.read(account, original)) {
            message.putInFront(header);
            var sent = sender.send(submitter, envelope, message, Claiming.NONE);
            var wish = Objects.requireNonNullElse(wishes.saveCopy(), SaveCopy.NEVER);
            var copy =
                    servers.storesCopy(submitter.server(), wish)
                            ? filing.store(account, message)
                            : servers.withoutCopy(submitter.server(), wish);
            return RedirectedMessage.of(id, sent, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MailAddress from(Account account, @Nullable EmailAddress wanted) {
        if (wanted != null) {
            return address("/from", wanted);
        }
        var identity = identities.standard(account);
        if (identity == null) {
            throw ReadyMessage.unsendable("the user's address is not known: say `from`");
        }
        try {
            return MailAddress.of(identity.name(), identity.address());
        } catch (IllegalArgumentException _) {
            throw new ProblemException(
                    ProblemCode.SENDING_NOT_PERMITTED, "the user's address cannot be written");
        }
    }

    private static List<MailAddress> addresses(String at, @Nullable List<EmailAddress> addresses) {
        var checked = new ArrayList<MailAddress>();
        for (var address : addresses == null ? List.<EmailAddress>of() : addresses) {
            checked.add(address(at + "/" + checked.size(), address));
        }
        return checked;
    }

    private static MailAddress address(String at, EmailAddress address) {
        var name = address.name();
        if (name != null && name.chars().anyMatch(Character::isISOControl)) {
            throw InvalidRequest.at(at + "/name", "must be without control characters");
        }
        if (name != null && name.length() > LONGEST_NAME) {
            throw InvalidRequest.at(
                    at + "/name", "must have at most %d characters".formatted(LONGEST_NAME));
        }
        try {
            return MailAddress.of(name, address.email());
        } catch (IllegalArgumentException e) {
            throw InvalidRequest.at(at + "/email", String.valueOf(e.getMessage()));
        }
    }

    private String resentMessageId(Account account, MailAddress from, @Nullable KeyedRequest key) {
        return key == null
                ? NewMessageId.random(from.domain())
                : names.of(account, key.route(), key.key()).getFirst() + "@" + from.domain();
    }
}
