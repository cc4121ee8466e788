package postern.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import postern.message.OriginalMessage;
import postern.message.metadata.EmailAddress;
import postern.web.problem.InvalidRequest;

/**
 * The recipients of a reply (RFC 5322 §3.6.3): those in Reply-To or else the author, and each other
 * recipient once, except the user. A reply to the user's own message goes to its recipients.
 */
record ReplyRecipients(List<EmailAddress> to, List<EmailAddress> cc) {

    /** Throws InvalidRequest if a reply to the list is requested but the message names none. */
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

    /**
     * The first of these groups with a usable address, or else the author, even if that is the
     * user.
     */
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

    /** Removes duplicates and unusable addresses. */
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

    /** Removes an invalid name, since it comes from another sender. */
    private static EmailAddress named(EmailAddress address) {
        var name = address.name();
        boolean sound = name != null && name.chars().noneMatch(Character::isISOControl);
        return sound ? address : new EmailAddress(null, address.email());
    }

    private static String key(EmailAddress address) {
        return OwnAddresses.key(address.email());
    }
}
