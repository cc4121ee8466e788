package postern.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import postern.digest.KeyedHash;

/**
 * Tells logins apart in memory without storing their credentials: a keyed hash of server, user,
 * login name and credential. What one login has cached or opened serves no other credential of the
 * user, except for access tokens that replaced one another in a session.
 */
@Component
public final class LoginHashes {

    private final Supplier<KeyedHash> hash;

    /** With the same key in every replica, so that they share what is kept by these hashes. */
    @Autowired
    LoginHashes(ObjectProvider<TokenSeal> seal) {
        // Later: filters need this class, and an unusable session key is told after they were made.
        this.hash =
                SingletonSupplier.of(() -> seal.getObject().derived("postern logins").getLast());
    }

    /** With a key of this object's own. */
    public LoginHashes() {
        var own = new KeyedHash();
        this.hash = () -> own;
    }

    /** Of anything else, such as a client address: the parts are told apart. */
    public String ofParts(String... parts) {
        return hash.get()
                .of(Arrays.stream(parts).map(part -> part.getBytes(UTF_8)).toArray(byte[][]::new));
    }

    /** The same for all credentials that replaced one another in a session. */
    public String of(Account account) {
        return of(account, account.credential().familySecret());
    }

    /** Of this very credential. */
    public String ofCredential(Account account) {
        return of(account, account.credential().secret());
    }

    /** Like {@link #of(Account)}, of what this very token shows and permits. */
    public String ofView(Account account) {
        var parts = new ArrayList<byte[]>();
        parts.add(of(account).getBytes(UTF_8));
        parts.addAll(viewOf(account));
        return hash.get().of(parts.toArray(byte[][]::new));
    }

    /** What this very token shows and permits. */
    static List<byte[]> viewOf(Account account) {
        var parts = new ArrayList<byte[]>();
        new TreeMap<>(account.roles())
                .forEach((role, mailbox) -> parts.add((role + "=" + mailbox).getBytes(UTF_8)));
        parts.add(new TreeSet<>(account.limits().scopes()).toString().getBytes(UTF_8));
        var mailboxes = account.limits().mailboxes();
        if (mailboxes != null) {
            new TreeSet<>(mailboxes).forEach(mailbox -> parts.add(mailbox.getBytes(UTF_8)));
        }
        return parts;
    }

    private String of(Account account, byte[] secret) {
        var key = AccountKey.of(account);
        return hash.get()
                .of(
                        key.server().toString().getBytes(UTF_8),
                        key.user().getBytes(UTF_8),
                        account.login().getBytes(UTF_8),
                        secret);
    }
}
