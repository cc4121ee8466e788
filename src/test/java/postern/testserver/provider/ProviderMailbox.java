package postern.testserver.provider;

import java.util.ArrayList;
import java.util.List;

/** A mailbox of a {@link ProviderServer}; its lock is that of the server. */
final class ProviderMailbox {

    /** As it is sent. */
    final String name;

    /** The attributes that LIST tells, such as {@code \Sent}. */
    final String attributes;

    final List<ProviderMessage> messages = new ArrayList<>();
    long uidNext = 1;

    ProviderMailbox(String name, String attributes) {
        this.name = name;
        this.attributes = attributes;
    }

    boolean selectable() {
        return !attributes.contains("\\Noselect");
    }

    boolean thrownAway() {
        return attributes.contains("\\Trash") || attributes.contains("\\Junk");
    }

    long unseen() {
        return messages.stream().filter(message -> !message.flagged("\\Seen")).count();
    }

    ProviderMessage add(long emailId, String content, long modSeq) {
        var message = new ProviderMessage(uidNext++, emailId, content);
        message.modSeq = modSeq;
        messages.add(message);
        return message;
    }

    static boolean contains(String set, long number, long last) {
        for (var range : set.split(",")) {
            var ends = range.split(":");
            long one = ends[0].equals("*") ? last : Long.parseLong(ends[0]);
            long other =
                    ends.length == 1 ? one : ends[1].equals("*") ? last : Long.parseLong(ends[1]);
            if (Math.min(one, other) <= number && number <= Math.max(one, other)) {
                return true;
            }
        }
        return false;
    }
}
