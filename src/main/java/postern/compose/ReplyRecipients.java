package postern.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import postern.message.EmailAddress;
import postern.message.OriginalMessage;

/**
 * Who gets a reply (RFC 5322 §3.6.3): whoever wants the answers or wrote the message, and of the
 * others who got it everybody once, but not oneself. Who answers a message of his own goes on
 * talking to those who got it.
 */
record ReplyRecipients(List<EmailAddress> to, List<EmailAddress> cc) {

    /**
     * @param own in lower case
     */
    static ReplyRecipients of(OriginalMessage original, Set<String> own, boolean all) {
        boolean mine =
                !original.from().isEmpty()
                        && original.from().stream().allMatch(author -> own.contains(key(author)));
        var authors = original.replyTo().isEmpty() ? original.from() : original.replyTo();
        var to = once(mine ? original.to() : authors, Set.of(), own);
        if (to.isEmpty()) {
            to = once(authors, Set.of(), Set.of()); // a note to oneself
        }
        if (!all) {
            return new ReplyRecipients(to, List.of());
        }
        var others = new ArrayList<>(original.to());
        others.addAll(original.cc());
        var taken = Set.copyOf(to.stream().map(ReplyRecipients::key).toList());
        return new ReplyRecipients(to, once(others, taken, own));
    }

    /** What is no address that could be written to is left out. */
    private static List<EmailAddress> once(
            List<EmailAddress> addresses, Set<String> taken, Set<String> own) {
        var once = new LinkedHashMap<String, EmailAddress>();
        for (var address : addresses) {
            var key = key(address);
            if (!taken.contains(key)
                    && !own.contains(key)
                    && Letterhead.address(address.email()) != null) {
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

    static String key(EmailAddress address) {
        return address.email().toLowerCase(Locale.ROOT);
    }
}
