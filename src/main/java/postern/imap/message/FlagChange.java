package postern.imap.message;

import java.util.Set;

/** What a STORE does to flags (RFC 9051 §6.4.6): adds some and removes some; all others stay. */
public record FlagChange(Set<Flag> added, Set<Flag> removed) {

    public FlagChange {
        added = Set.copyOf(added);
        removed = Set.copyOf(removed);
        if (added.stream().anyMatch(removed::contains)) {
            throw new IllegalArgumentException("a flag cannot be both added and removed");
        }
    }

    public static FlagChange add(Flag... flags) {
        return new FlagChange(Set.of(flags), Set.of());
    }

    public static FlagChange remove(Flag... flags) {
        return new FlagChange(Set.of(), Set.of(flags));
    }

    public boolean empty() {
        return added.isEmpty() && removed.isEmpty();
    }
}
