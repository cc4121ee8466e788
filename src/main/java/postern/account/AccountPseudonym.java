package postern.account;

import org.springframework.stereotype.Component;

/**
 * Names an account in the log: by a hash under a key that is derived from the session keys, and the
 * same on every replica. The tokens of the account begin with it.
 */
@Component
public final class AccountPseudonym {

    private final TokenSeal seal;

    AccountPseudonym(TokenSeal seal) {
        this.seal = seal;
    }

    public String of(Account account) {
        return seal.tag(account);
    }
}
