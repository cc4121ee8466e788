package postern.message.change;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import postern.account.Account;
import postern.account.Scope;
import postern.imap.message.Flag;
import postern.message.metadata.Keywords;
import postern.web.ScopeMissing;

/** The scopes that keywords need beside that of the operation that sets them. */
public final class KeywordScopes {

    /**
     * With the first, any mail program removes the message, and some servers do it by themselves;
     * with the second, {@code draft} may replace it; and with the others, which drafts bear that
     * are or were sent, markSent may remove it.
     */
    private static final Set<Flag> DESTRUCTIVE =
            Set.of(Flag.DELETED, Flag.DRAFT, new Flag("$SubmitPending"), new Flag("$Submitted"));

    private KeywordScopes() {}

    /**
     * @param keywords what to set and to take away; null for nothing
     */
    public static void require(Account account, @Nullable Map<String, @Nullable Boolean> keywords) {
        if (keywords != null && keywords.entrySet().stream().anyMatch(KeywordScopes::destroys)) {
            ScopeMissing.require(account, Scope.DELETE);
        }
    }

    private static boolean destroys(Map.Entry<String, @Nullable Boolean> change) {
        return Boolean.TRUE.equals(change.getValue())
                && Keywords.flag(change.getKey()).filter(DESTRUCTIVE::contains).isPresent();
    }
}
