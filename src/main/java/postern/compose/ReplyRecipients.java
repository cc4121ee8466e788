package postern.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import postern.message.OriginalMessage;
import postern.message.metadata.EmailAddress;
import postern.web.problem.InvalidRequest;

/**
 * Who gets a reply (RFC 5322 §3.6.3): whoever wants the answers or wrote the message, and of the
 * others who got it everybody once, but not oneself. Who answers a message of his own goes on
 * talking to those who got it.
 */
record ReplyRecipients(List<EmailAddress> to, List<EmailAddress> cc) {

    /** Throws InvalidRequest where the message names no list that takes answers. */
    static ReplyRecipients of(OriginalMessage original, OwnAddresses own, ReplyAudience audience) {
        return switch (audience) {
            case LIST -> toList(original);
            case AUTHOR -> new ReplyRecipients(author(original, own), List.of());
            case REPLY_TO -> new ReplyRecipients(answersTo(original, own), List.of());
            case ALL -> toAll(original, own);
        };
    }

    private static ReplyRecipients toList(OriginalMessage original) {
        var list = once(original.replyFields().list(), Set.of(), OwnAddresses.NONE);
        if (list.isEmpty()) {
            throw InvalidRequest.at(
                    "/recipients", "cannot be `list`: the message names none that takes mail");
        }
        return new ReplyRecipients(list, List.of());
    }

    private static List<EmailAddress> author(OriginalMessage original, OwnAddresses own) {
        return mine(original, own)
                ? firstUsable(original, own, original.to())
                : firstUsable(original, own, original.replyFields().mailReplyTo());
    }

    private static List<EmailAddress> answersTo(OriginalMessage original, OwnAddresses own) {
        return mine(original, own)
                ? firstUsable(original, own, original.to())
                : firstUsable(
                        original, own, original.replyFields().mailReplyTo(), original.replyTo());
    }

    private static ReplyRecipients toAll(OriginalMessage original, OwnAddresses own) {
        var followup = once(original.replyFields().mailFollowupTo(), Set.of(), own);
        if (!followup.isEmpty() && !mine(original, own)) {
            return new ReplyRecipients(followup, List.of());
        }
        var to = answersTo(original, own);
        var others = new ArrayList<>(original.to());
        others.addAll(original.cc());
        var taken = Set.copyOf(to.stream().map(ReplyRecipients::key).toList());
        return new ReplyRecipients(to, once(others, taken, own));
    }

    private static boolean mine(OriginalMessage original, OwnAddresses own) {
        return !original.from().isEmpty() && original.from().stream().allMatch(own::contain);
    }

    /** The first of these that can be written to, or else the author, even if that is oneself. */
    @SafeVarargs
    private static List<EmailAddress> firstUsable(
            OriginalMessage original, OwnAddresses own, List<EmailAddress>... wanted) {
        for (var addresses : wanted) {
            var usable = once(addresses, Set.of(), own);
            if (!usable.isEmpty()) {
                return usable;
            }
        }
        var others = once(original.from(), Set.of(), own);
        if (!others.isEmpty()) {
            return others;
        }
        var authors = once(original.from(), Set.of(), OwnAddresses.NONE);
        return authors.isEmpty() ? once(original.replyTo(), Set.of(), OwnAddresses.NONE) : authors;
    }

    /** What is no address that could be written to is left out. */
    private static List<EmailAddress> once(
            List<EmailAddress> addresses, Set<String> taken, OwnAddresses own) {
        var once = new LinkedHashMap<String, EmailAddress>();
        for (var address : addresses) {
            var key = key(address);
            if (!taken.contains(key)
                    && !own.contain(address)
                    && HeaderComposer.address(address.email()) != null) {
                once.putIfAbsent(key, named(address));
            }
        }
        return List.copyOf(once.values());
    }

    /** What others wrote may hold anything. */
    private static EmailAddress named(EmailAddress address) {
        var name = address.name();
        boolean sound = name != null && name.chars().noneMatch(Character::isISOControl);
        return sound ? address : new EmailAddress(null, address.email());
    }

    private static String key(EmailAddress address) {
        return OwnAddresses.key(address.email());
    }
}
