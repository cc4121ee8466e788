package postern.account;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the token of a request may be used for.
 *
 * @param mailboxes the only mailboxes it reaches, by their names on the wire; null for all
 */
public record TokenLimits(Set<Scope> scopes, @Nullable Set<String> mailboxes) {

    /** Of a token that was not narrowed, and of a password. */
    public static final TokenLimits NONE = new TokenLimits(EnumSet.allOf(Scope.class), null);

    public TokenLimits {
        scopes = Set.copyOf(scopes);
        mailboxes = mailboxes == null ? null : Set.copyOf(mailboxes);
    }

    public boolean permits(Scope scope) {
        return scopes.contains(scope);
    }

    public boolean reaches(String mailbox) {
        return mailboxes == null || mailboxes.contains(mailbox);
    }

    /** Whether it reaches every mailbox, also those that do not exist yet. */
    public boolean reachesAll() {
        return mailboxes == null;
    }

    /** Mailbox names are private, so that only their number is shown. */
    @Override
    public String toString() {
        return "TokenLimits[scopes=%s, mailboxes=%s]"
                .formatted(scopes, mailboxes == null ? "all" : mailboxes.size());
    }
}
