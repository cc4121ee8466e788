package postern.events;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import postern.account.Link;
import postern.account.LinkRefused;
import postern.account.LinkTokens;
import postern.message.metadata.MessageField;
import postern.web.Caller;
import postern.web.Locations;
import postern.web.id.EventId;
import postern.web.id.MailboxId;
import postern.web.link.LinkProperties;
import postern.web.problem.InvalidRequest;

/** Makes signed URLs of streams, and opens them. Nothing is stored. */
@Component
class EventLinks {

    static final String PATH = "/v1/links/events/";

    /** At the beginning of a target, so that no link to a file is one to events. */
    private static final String KIND = "events";

    private static final String NOTHING = "-";

    private final LinkTokens tokens;
    private final LinkProperties properties;

    EventLinks(LinkTokens tokens, LinkProperties properties) {
        this.tokens = tokens;
        this.properties = properties;
    }

    /**
     * What a link tells.
     *
     * @param mailboxes none for all of the account
     * @param told what the client has been told; null for all of the account, which is told what
     *     changes from when the link is opened
     */
    record Target(List<MailboxId> mailboxes, Set<MessageField> fields, @Nullable EventId told) {

        private String text() {
            return String.join(
                    " ",
                    KIND,
                    mailboxes.stream().map(MailboxId::toString).collect(Collectors.joining(",")),
                    fields.stream()
                            .map(field -> Integer.toString(field.ordinal()))
                            .collect(Collectors.joining(",")),
                    told == null ? NOTHING : told.text());
        }

        private static Target parse(String text) {
            var words = text.split(" ", -1);
            if (words.length != 4 || !words[0].equals(KIND)) {
                throw new IllegalArgumentException("is not about events");
            }
            return new Target(
                    items(words[1]).map(MailboxId::parse).toList(),
                    items(words[2])
                            .map(it -> MessageField.values()[Integer.parseInt(it)])
                            .collect(Collectors.toSet()),
                    words[3].equals(NOTHING) ? null : EventId.parse(words[3]));
        }
    }

    private static Stream<String> items(String word) {
        return word.isEmpty() ? Stream.empty() : Arrays.stream(word.split(","));
    }

    /** An opened link. */
    record Opened(Listener listener, Target target) {}

    EventsLink create(Caller caller, Target target, @Nullable Integer seconds) {
        var link =
                tokens.start(caller.account(), caller.session(), target.text(), lifetime(seconds));
        var base = properties.baseUrl();
        var front =
                base == null ? Locations.contextPath() : base.toString().replaceFirst("/+$", "");
        return new EventsLink(front + PATH + tokens.seal(link), link.expiresAt());
    }

    private Duration lifetime(@Nullable Integer seconds) {
        long longest = properties.longestLifetime().toSeconds();
        if (seconds == null) {
            return properties.longestLifetime();
        }
        if (seconds < 1 || seconds > longest) {
            throw InvalidRequest.at(
                    "/lifetimeSeconds", "must be between 1 and %d".formatted(longest));
        }
        return Duration.ofSeconds(seconds);
    }

    /** Throws {@link LinkRefused}. */
    Opened open(String token) {
        var link = tokens.open(token);
        return new Opened(
                new Listener(link.account(), () -> tokens.requireValid(link)), target(link));
    }

    private static Target target(Link link) {
        try {
            return Target.parse(link.target());
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException _) {
            throw new LinkRefused(LinkRefused.Reason.UNREADABLE);
        }
    }
}
