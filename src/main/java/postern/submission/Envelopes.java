package postern.submission;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Account;
import postern.compose.NewMessages;
import postern.compose.ReportWish;
import postern.compose.SendOptions;
import postern.identity.Identities;
import postern.mime.header.AddressField;
import postern.mime.header.HeaderAddress;
import postern.mime.header.MailAddress;
import postern.smtp.Envelope;
import postern.web.problem.InvalidRequest;
import postern.web.problem.ProblemCode;
import postern.web.problem.ProblemException;

/** Addresses a message, from its header and the wishes of the caller. */
@Component
final class Envelopes {

    private static final String NO_ADDRESS = "is not an e-mail address";

    private final Identities identities;
    private final int mostRecipients;

    Envelopes(Identities identities, NewMessages messages) {
        this.identities = identities;
        this.mostRecipients = messages.maxRecipients();
    }

    /** Where the caller has said how a message is sent. */
    enum Source {
        /** The body is nothing else. */
        BODY,
        /** {@code submission} of a composed message. */
        SUBMISSION,
        /** Query parameters. */
        PARAMETERS
    }

    /** Refuses addresses that are none, and more of them than the contract has. */
    void requireSound(SendOptions options, Source source) {
        var recipients = options.rcptTo() == null ? List.<String>of() : options.rcptTo();
        if (recipients.size() > SendOptions.MOST_RECIPIENTS) {
            var detail = "has more than %d recipients".formatted(SendOptions.MOST_RECIPIENTS);
            throw invalid(source, "rcptTo", "", detail);
        }
        for (int i = 0; i < recipients.size(); i++) {
            if (address(recipients.get(i)) == null) {
                throw invalid(source, "rcptTo", "/" + i, NO_ADDRESS);
            }
        }
        var sender = options.mailFrom();
        if (sender != null && !sender.isEmpty() && address(sender) == null) {
            throw invalid(source, "mailFrom", "", NO_ADDRESS);
        }
    }

    private static InvalidRequest invalid(Source source, String name, String item, String detail) {
        return switch (source) {
            case BODY -> InvalidRequest.at("/" + name + item, detail);
            case SUBMISSION -> InvalidRequest.at("/submission/" + name + item, detail);
            case PARAMETERS -> InvalidRequest.parameter(name, detail);
        };
    }

    /**
     * @param options that are {@linkplain #requireSound sound}
     */
    Envelope of(Account account, ReadyMessage message, SendOptions options) {
        var recipients =
                options.rcptTo() == null || options.rcptTo().isEmpty()
                        ? addressed(message)
                        : chosen(options.rcptTo());
        if (recipients.size() > mostRecipients) {
            throw ReadyMessage.unsendable(
                    "it has more than %d recipients".formatted(mostRecipients));
        }
        try {
            return new Envelope(
                    sender(account, message, options.mailFrom()),
                    recipients,
                    reports(options.reports()),
                    Boolean.TRUE.equals(options.allOrNothing()));
        } catch (IllegalArgumentException _) {
            throw ReadyMessage.unsendable("one of its addresses is not an e-mail address");
        }
    }

    /**
     * To those whom a message is redirected to.
     *
     * @param from who redirects it
     */
    Envelope redirected(
            Account account, MailAddress from, List<MailAddress> to, RedirectRequest wishes) {
        require(account, from.email());
        var recipients = new LinkedHashMap<String, String>();
        to.forEach(address -> add(recipients, address.email()));
        if (recipients.size() > mostRecipients) {
            throw InvalidRequest.at("", "has more than %d recipients".formatted(mostRecipients));
        }
        var sender = chosen(account, wishes.mailFrom(), from.email());
        try {
            return new Envelope(
                    sender,
                    List.copyOf(recipients.values()),
                    reports(wishes.reports()),
                    Boolean.TRUE.equals(wishes.allOrNothing()));
        } catch (IllegalArgumentException _) {
            throw ReadyMessage.unsendable("one of its addresses is not an e-mail address");
        }
    }

    private static Set<Envelope.Report> reports(@Nullable List<ReportWish> wishes) {
        return wishes == null
                ? Set.of()
                : wishes.stream()
                        .map(wish -> Envelope.Report.valueOf(wish.name()))
                        .collect(Collectors.toSet());
    }

    private String sender(Account account, ReadyMessage message, @Nullable String wanted) {
        var authors = authors(message, "from");
        if (authors.isEmpty()) {
            throw ReadyMessage.unsendable("it has no From");
        }
        var agent = authors(message, "sender");
        for (var author : authors) {
            require(account, author);
        }
        agent.forEach(it -> require(account, it));
        return chosen(account, wanted, (agent.isEmpty() ? authors : agent).getFirst());
    }

    private String chosen(Account account, @Nullable String wanted, String otherwise) {
        if (wanted == null || wanted.isEmpty()) {
            return otherwise;
        }
        var chosen = address(wanted);
        if (chosen == null) {
            throw InvalidRequest.at("/mailFrom", NO_ADDRESS);
        }
        require(account, chosen);
        return chosen;
    }

    private void require(Account account, String email) {
        if (!identities.allows(account, email)) {
            throw new ProblemException(
                    ProblemCode.SENDING_NOT_PERMITTED,
                    "the user may not send as one of the addresses in From, Sender or mailFrom");
        }
    }

    /** The domain of the first author; null where there is none. */
    @Nullable String domain(ReadyMessage message) {
        var authors = authors(message, "from");
        return authors.isEmpty()
                ? null
                : authors.getFirst().substring(authors.getFirst().lastIndexOf('@') + 1);
    }

    private static List<String> authors(ReadyMessage message, String field) {
        return emails(message.field(field).map(AddressField::authors).orElse(List.of()));
    }

    private static List<String> addressed(ReadyMessage message) {
        var recipients = new LinkedHashMap<String, String>();
        for (var field : List.of("to", "cc", "bcc")) {
            for (var value : message.all(field)) {
                emails(AddressField.recipients(value)).forEach(it -> add(recipients, it));
            }
        }
        if (recipients.isEmpty()) {
            throw ReadyMessage.unsendable("it has no recipients");
        }
        return List.copyOf(recipients.values());
    }

    private static List<String> chosen(List<String> wanted) {
        var recipients = new LinkedHashMap<String, String>();
        wanted.forEach(each -> add(recipients, Objects.requireNonNull(address(each))));
        return List.copyOf(recipients.values());
    }

    /** Each gets it once; almost no server tells the case of a local part apart. */
    private static void add(LinkedHashMap<String, String> recipients, String email) {
        recipients.putIfAbsent(email.toLowerCase(Locale.ROOT), email);
    }

    private static List<String> emails(List<HeaderAddress> addresses) {
        var emails = new ArrayList<String>();
        for (var address : addresses) {
            var email = address(address.email());
            if (email == null) {
                throw ReadyMessage.unsendable("one of its addresses is not an e-mail address");
            }
            emails.add(email);
        }
        return emails;
    }

    /** With the domain in ASCII; null if it is none. */
    private static @Nullable String address(String email) {
        try {
            return MailAddress.of(null, email).email();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
